-- The name of what everybody in an organization holds, for servers that keep it in memory: a new one for every commit that changes a row which that is read from.
-- Names are never used twice, so whatever was kept under one is what the tables said under it: in a transaction that was rolled back, or by a server that was lost,
-- nothing is ever kept under the name of something else.

create table holding (
  org_id text primary key,
  version uuid not null,
  xact xid8 not null
);
select isolate('holding');
-- No role of the product writes it: the trigger does.
grant select on holding to twinlock_app;

-- At the commit, when everything else is locked that this transaction locks: whoever waits here for another commit holds nothing that the other one waits for.
-- Once for each transaction, however many rows it changes. It binds itself to the organization of the row: a restore changes those of many.
create function move_holding() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare org text; bound text := current_setting('twinlock.org', true);
begin
  if tg_op = 'DELETE' then org := old.org_id; else org := new.org_id; end if;
  perform set_config('twinlock.org', org, true);
  if not exists (select from public.holding where org_id = org and xact = pg_current_xact_id())
    and not (tg_op = 'DELETE' and public.organization_is_buried(org)) then
    insert into public.holding as held (org_id, version, xact) values (org, gen_random_uuid(), pg_current_xact_id())
      on conflict (org_id) do update set version = excluded.version, xact = excluded.xact;
  end if;
  perform set_config('twinlock.org', coalesce(bound, ''), true);
  return null;
end $$;
revoke execute on function move_holding() from public;

-- To be called for each table that is read to find out what somebody holds. Always: also where triggers are switched off, as whoever restores or repairs may do.
create function moves_holding(target regclass) returns void language plpgsql as $$
begin
  execute format('create constraint trigger moves_holding after insert or update or delete on %s deferrable initially deferred for each row execute function move_holding()', target);
  execute format('alter table %s enable always trigger moves_holding', target);
end $$;

select moves_holding('"grant"');
select moves_holding('group_member');
select moves_holding('guest');
select moves_holding('engagement');
select moves_holding('engagement_member');
select moves_holding('guardrail');

-- The rules of a run are written with the run itself: nobody can have asked before what it holds, and a launch moves nothing.
create constraint trigger moves_holding after update or delete on permission deferrable initially deferred
  for each row execute function move_holding();
create constraint trigger moves_holding_added after insert on permission deferrable initially deferred
  for each row when (new.holder_id not like 'run\_%') execute function move_holding();
alter table permission enable always trigger moves_holding, enable always trigger moves_holding_added;
