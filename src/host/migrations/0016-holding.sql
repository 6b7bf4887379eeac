-- The name of what everybody in an organization holds, for servers that keep it in memory: a new one for every commit that changes a row which that is read from.
-- Names are never used twice, so whatever was kept under one is what the tables said under it: in a transaction that was rolled back, or by a server that was lost,
-- nothing is ever kept under the name of something else. No role of the product writes any of this: triggers do.

create table holding (
  org_id text primary key,
  version uuid not null
);
select isolate('holding');
grant select on holding to twinlock_app;

-- That this transaction changes what is held. Gone when it commits: nobody else ever sees a row, and none waits for another's.
create table holding_due (
  org_id text not null,
  xact xid8 not null,
  primary key (org_id, xact)
);
select isolate('holding_due');

-- Notes it for an organization, whatever else the transaction is bound to.
create function note_holding_of(org text) returns void language plpgsql set search_path = public, pg_temp as $$
declare bound text := coalesce(current_setting('twinlock.org', true), '');
begin
  perform set_config('twinlock.org', org, true);
  insert into public.holding_due (org_id, xact) values (org, pg_current_xact_id()) on conflict do nothing;
  perform set_config('twinlock.org', bound, true);
end $$;

create function note_holding() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform public.note_holding_of(org_id) from (select distinct org_id from changed) c;
  return null;
end $$;

-- The rules of a run are written with the run itself: nobody can have asked before what it holds, and a launch moves nothing.
create function note_holding_of_others() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform public.note_holding_of(org_id) from (select distinct org_id from changed where holder_id not like 'run\_%') c;
  return null;
end $$;

-- At the commit, when everything else is locked that this transaction locks: whoever waits here for another commit holds nothing that the other one waits for.
create function move_holding() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare bound text := coalesce(current_setting('twinlock.org', true), '');
begin
  perform set_config('twinlock.org', new.org_id, true);
  delete from public.holding_due where org_id = new.org_id and xact = new.xact;
  if not public.organization_is_buried(new.org_id) then
    insert into public.holding as held (org_id, version) values (new.org_id, gen_random_uuid())
      on conflict (org_id) do update set version = excluded.version;
  end if;
  perform set_config('twinlock.org', bound, true);
  return null;
end $$;
revoke execute on function note_holding_of(text), note_holding(), note_holding_of_others(), move_holding() from public;
create constraint trigger moves after insert on holding_due deferrable initially deferred for each row execute function move_holding();
alter table holding_due enable always trigger moves;

-- To be called for each table that is read to find out what somebody holds. Always: also where triggers are switched off, as whoever restores or repairs may do.
create function moves_holding(target regclass, added regproc default 'note_holding') returns void language plpgsql as $$
begin
  execute format('create trigger holding_added after insert on %s referencing new table as changed for each statement execute function %s()', target, added);
  execute format('create trigger holding_changed after update on %s referencing new table as changed for each statement execute function note_holding()', target);
  execute format('create trigger holding_removed after delete on %s referencing old table as changed for each statement execute function note_holding()', target);
  execute format('alter table %s enable always trigger holding_added, enable always trigger holding_changed, enable always trigger holding_removed', target);
end $$;

select moves_holding('"grant"');
select moves_holding('group_member');
select moves_holding('guest');
select moves_holding('engagement');
select moves_holding('engagement_member');
select moves_holding('guardrail');
select moves_holding('permission', 'note_holding_of_others');
