-- Who answers for what, and the end of organizations: offers of things, who stands in where an owner is gone, limits of sessions, deletion with a grace.

-- The newest offer of each thing.
create table ownership_offer (
  org_id text not null,
  thing_id text not null,
  kind text not null,
  from_id text not null,
  to_id text not null,
  offered_by text not null,
  offered_at timestamptz not null,
  entry_id text not null,
  -- `lapsed`: whoever was asked has left without an answer.
  state text not null check (state in ('open', 'accepted', 'declined', 'withdrawn', 'lapsed')),
  decided_at timestamptz,
  -- The entry that holds why it was declined, erasable beside it.
  decided_entry_id text,
  primary key (org_id, thing_id)
);
create index ownership_offer_to on ownership_offer (org_id, to_id) where state = 'open';
create index ownership_offer_from on ownership_offer (org_id, from_id);
select govern('ownership_offer');
grant select, insert, update on ownership_offer to twinlock_app;

-- The scope is a project, or the organization itself.
create table ownership_fallback (
  org_id text not null,
  scope_id text not null,
  group_id text not null,
  primary key (org_id, scope_id)
);
select govern('ownership_fallback');
grant select, insert, update, delete on ownership_fallback to twinlock_app;

-- Things whose owner has left, as they were noticed. Whether one has is asked of the person's own row whenever it counts.
create table orphan (
  org_id text not null,
  thing_id text not null,
  kind text not null,
  owner_id text not null,
  found_at timestamptz not null,
  primary key (org_id, thing_id)
);
select govern('orphan');
grant select, insert, delete on orphan to twinlock_app;

-- Who owned a thing before: he had a hand in what came out of it meanwhile.
create table former_owner (
  org_id text not null,
  thing_id text not null,
  person_id text not null,
  kind text not null,
  until timestamptz not null,
  primary key (org_id, thing_id, person_id)
);
create index former_owner_person on former_owner (org_id, person_id);
select govern('former_owner');
grant select, insert, update on former_owner to twinlock_app;

create table session_limit (
  org_id text not null,
  role text not null,
  ttl_seconds integer not null check (ttl_seconds between 900 and 86400),
  idle_seconds integer not null check (idle_seconds between 300 and 43200),
  primary key (org_id, role)
);
select govern('session_limit');
grant select, insert, update on session_limit to twinlock_app;

-- The limits of the roles that a session's person held when it was last used; they can only shorten it.
alter table session_seen add column idle_seconds integer, add column ends_at timestamptz;

-- Null where the organization goes by what is usual.
create table organization_settings (
  org_id text primary key,
  grace_days integer check (grace_days between 7 and 90),
  -- How long a request for access waits, and what it asks for lasts, where it does not say.
  request_open_minutes integer check (request_open_minutes between 5 and 10080),
  request_minutes integer check (request_minutes between 5 and 10080),
  -- How long the log of a directory says what it asked for.
  delivery_days integer check (delivery_days between 7 and 400)
);
select govern('organization_settings');
grant select, insert, update on organization_settings to twinlock_app;

-- An export of everything that the organization keeps, for whoever asked for it, until it ends; its parts lie sealed. An attacker who can read here learns who
-- took how much along and when, and nothing of what.
create table archive (
  org_id text not null,
  id text not null,
  asker_id text not null,
  parts integer not null,
  rows integer not null,
  bytes bigint not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (org_id, id)
);
select govern('archive');
grant select, insert, delete on archive to twinlock_app;

create table archive_part (
  org_id text not null,
  archive_id text not null,
  number integer not null,
  sealed bytea not null,
  primary key (org_id, archive_id, number)
);
select govern('archive_part');
grant select, insert, delete on archive_part to twinlock_app;

-- Asked for by one person, in force once another confirmed it.
create table organization_deletion (
  org_id text primary key,
  asked_by text not null,
  asked_at timestamptz not null,
  confirmed_by text,
  confirmed_at timestamptz,
  due_at timestamptz,
  check (confirmed_by is null or confirmed_by <> asked_by),
  check ((confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (due_at is null))
);
select govern('organization_deletion');
grant select, insert, update, delete on organization_deletion to twinlock_app;

-- What stays of an organization that was destroyed, so that nothing is ever called like it again: the random part of its trust domains, its log's origin and last
-- signed head. It names nobody. No role of the product can touch it but through the functions below.
create table organization_tombstone (
  org_id text primary key,
  label text not null unique,
  destroyed_at timestamptz not null,
  last_checkpoint text
);

-- Whether an organization, or the random part of trust domains, was used before: yes or no, never whose.
create function organization_is_spent(wanted_label text) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from public.organization_tombstone where org_id = current_org() or label = wanted_label)
    or exists (select from public.organization where label = wanted_label)
$$;
revoke execute on function organization_is_spent(text) from public;
grant execute on function organization_is_spent(text) to twinlock_app;
select oversee('organization', 'label');
grant select (org_id, label) on organization_tombstone to twinlock_overseer;
select entrust('organization_is_spent(text)');

-- Whether the organization of this row is being destroyed with all that it holds.
create function organization_is_buried(org text) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from public.organization_tombstone where org_id = org)
$$;
revoke execute on function organization_is_buried(text) from public;
grant execute on function organization_is_buried(text) to twinlock_app, twinlock_sequencer;

-- A row may also go where its whole organization goes, entries and all.
create or replace function require_entry() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
declare org text;
begin
  if tg_op = 'DELETE' then org := old.org_id; else org := new.org_id; end if;
  if not exists (select from public.entry_lot where org_id = org and xact = pg_current_xact_id())
    and not (tg_op = 'DELETE' and public.organization_is_buried(org)) then
    raise exception 'no record, no act: % on % without a ledger entry', tg_op, tg_table_name using errcode = 'TW003';
  end if;
  return null;
end $$;

create or replace function require_entry_of_statement() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  insert into public.record_due (org_id, xact) select c.org_id, pg_current_xact_id() from (select distinct org_id from changed) c
    where not exists (select from public.entry_lot l where l.org_id = c.org_id and l.xact = pg_current_xact_id())
      and not (tg_op = 'DELETE' and public.organization_is_buried(c.org_id))
    on conflict do nothing;
  return null;
end $$;

-- Nothing is written for an organization that is gone: neither a refusal of somebody who came too late, nor a head of its log. What is done is admitted by its
-- take-away counter; a refusal holds the counter's key, so that whoever destroys the organization waits for it, or it for him, and finds it gone.
create function skip_uncounted() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform from public.takeaway where org_id = new.org_id for key share;
  if not found then return null; end if;
  return new;
end $$;
create trigger not_buried before insert on entry for each row when (new.outcome <> 'done') execute function skip_uncounted();
create function skip_buried() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if public.organization_is_buried(new.org_id) then return null; end if;
  return new;
end $$;
create trigger not_buried before insert on checkpoint for each row execute function skip_buried();
create trigger not_buried before insert on log_head for each row execute function skip_buried();

-- Orders whoever numbers entries of the organization, all of whom share it, and whoever destroys it.
create function hold_log(org text, alone boolean) returns void language sql set search_path = public, pg_temp as $$
  select case when alone then pg_advisory_xact_lock(hashtextextended('log of ' || org, 0))
    else pg_advisory_xact_lock_shared(hashtextextended('log of ' || org, 0)) end
$$;

-- At the commit that makes a tombstone, when the act itself is recorded: every row of the organization goes, in every table there is. First its counter: what is
-- being recorded is waited for, and nothing more is. Then its log, which is numbered no further. Nothing is locked that others share. Row-level security holds here as
-- well, so it binds itself to the organization that goes, whatever the transaction is bound to by then.
create function bury_organization() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare target regclass; bound text := current_setting('twinlock.org', true);
begin
  perform set_config('twinlock.org', new.org_id, true);
  delete from public.takeaway where org_id = new.org_id;
  perform public.hold_log(new.org_id, true);
  for target in
    select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'organization_tombstone'
  loop
    execute format('delete from %s where org_id = $1', target) using new.org_id;
  end loop;
  perform set_config('twinlock.org', coalesce(bound, ''), true);
  return null;
end $$;
create constraint trigger buried after insert on organization_tombstone deferrable initially deferred for each row execute function bury_organization();

-- Destroys the organization that the transaction is bound to, if two people said so and its time is over by this machine's clock: whoever holds the product's role
-- can do no more than that.
create function destroy_organization() returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare org text := current_org();
begin
  if not exists (select from public.organization_deletion where org_id = org and confirmed_by <> asked_by and due_at <= clock_timestamp()) then
    raise exception 'the deletion of this organization is not confirmed, or not due' using errcode = 'TW005';
  end if;
  insert into public.organization_tombstone (org_id, label, destroyed_at, last_checkpoint)
    select o.org_id, o.label, clock_timestamp(), (select c.note from public.checkpoint c where c.org_id = org order by c.size desc limit 1)
    from public.organization o where o.org_id = org;
end $$;
revoke execute on function destroy_organization() from public;
grant execute on function destroy_organization() to twinlock_app;
