-- The floor under every room: organizations, row-level security, the take-away counter, the ledger's rows, and the constraint "no record, no act".
-- Two roles work here, made before the first migration; neither owns anything: twinlock_app (the rooms) and twinlock_sequencer (numbers entries, writes tiles and checkpoints).
-- A third, twinlock_overseer, signs in nowhere: it owns the functions that must see all organizations, and may read what they need and nothing else. Nothing here needs a
-- superuser: row-level security holds for whoever owns the tables, too.

revoke create on schema public from public;
-- A temporary table could stand in front of a real one.
do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
do $$ begin execute format('grant connect on database %I to twinlock_app, twinlock_sequencer', current_database()); end $$;
grant usage on schema public to twinlock_app, twinlock_sequencer, twinlock_overseer;

-- The organization that this transaction works for. An empty setting raises: a forgotten one must never read as "all". Each name says where it is found: to set a path
-- for it would take as long as all the rest.
create function current_org() returns text language plpgsql stable parallel safe as $$
declare org pg_catalog.text := pg_catalog.current_setting('twinlock.org', true);
begin
  if org is null or org operator(pg_catalog.=) '' then
    raise exception 'no organization is set in this transaction' using errcode = 'TW001';
  end if;
  return org;
end $$;

-- Puts a table under row-level security; to be called for each table that holds an organization's data. By a query of its own the organization is asked for once
-- for each statement, and not for each row.
create function isolate(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy own_organization on %s using (org_id = (select current_org())) with check (org_id = (select current_org()))', target);
end $$;

-- Lets the overseer read some columns of a table in every organization.
create function oversee(target regclass, variadic columns text[]) returns void language plpgsql as $$
begin
  execute format('grant select (%s) on %s to twinlock_overseer', (select string_agg(quote_ident(one), ', ') from unnest(columns) one), target);
  if not exists (select from pg_policy where polrelid = target and polname = 'overseen') then
    execute format('create policy overseen on %s for select to twinlock_overseer using (true)', target);
  end if;
end $$;

-- Gives a security-definer function to the overseer: what goes wrong in it then can read what was given to the overseer, and change nothing.
create function entrust(target regprocedure) returns void language plpgsql as $$
begin
  grant create on schema public to twinlock_overseer;
  execute format('alter function %s owner to twinlock_overseer', target);
  revoke create on schema public from twinlock_overseer;
end $$;

create table entry (
  org_id text not null,
  id text not null,
  xact xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  action text not null,
  outcome text not null,
  actor_id text not null,
  resource_id text not null,
  environment_id text,
  body text not null check (octet_length(body) <= 60000),
  primary key (org_id, id)
);
-- Ids sort by time: each of these lists the newest first, page by page.
create index entry_action on entry (org_id, action, id);
create index entry_refused on entry (org_id, outcome, id) where outcome <> 'done';
create index entry_environment on entry (org_id, environment_id, id) where environment_id is not null;
select isolate('entry');
-- The transaction of an entry is not its writer's to say, and no role of the product ever changes an entry.
grant select, insert (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body) on entry to twinlock_app;
grant select on entry to twinlock_sequencer;

-- Entries that one transaction left together, at most 128, in the order of their ids; `seq` is the number of the first, null until the sequencer gives it. Beside the
-- entries and many to a row: a number that was written into each of them would write all of it, and what lists it, a second time.
create table entry_lot (
  org_id text not null,
  xact xid8 not null,
  first text not null,
  ids text[] not null,
  seq bigint,
  primary key (org_id, xact, first)
);
create unique index entry_lot_seq on entry_lot (org_id, seq) where seq is not null;
create index entry_lot_unnumbered on entry_lot (org_id, xact, first) where seq is null;
select isolate('entry_lot');
grant select on entry_lot to twinlock_app;
grant select, update (seq) on entry_lot to twinlock_sequencer;

-- Each entry goes into a lot by itself: whoever writes one can neither leave that out nor say that there is one. Row-level security holds one statement to one
-- organization. Most lots are small, and one of them is made without sorting what goes into which.
create function put_into_lots() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into public.entry_lot (org_id, xact, first, ids)
    select min(org_id), pg_current_xact_id(), min(id), array_agg(id order by id) from written having count(*) between 1 and 128;
  if not found then
    insert into public.entry_lot (org_id, xact, first, ids)
      select min(org_id), pg_current_xact_id(), min(id), array_agg(id order by id)
      from (select org_id, id, (row_number() over (order by id) - 1) / 128 as lot from written) placed group by lot;
  end if;
  return null;
end $$;
revoke execute on function put_into_lots() from public;
create trigger into_lots after insert on entry referencing new table as written for each statement execute function put_into_lots();

-- A number is given once.
create function keep_number() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'entry % has its number already', old.first using errcode = 'TW004';
end $$;
create trigger numbered_once before update on entry_lot for each row when (old.seq is not null) execute function keep_number();

-- The numbers of entries one by one, and entries with their numbers.
create view entry_number with (security_invoker = true) as
  select l.org_id, l.seq + t.place - 1 as seq, t.id as entry_id from entry_lot l cross join lateral unnest(l.ids) with ordinality as t (id, place) where l.seq is not null;
create view numbered_entry with (security_invoker = true) as
  select e.*, (select l.seq + array_position(l.ids, e.id) - 1 from entry_lot l
    where l.org_id = e.org_id and l.xact = e.xact and l.first <= e.id and e.id = any(l.ids)) as seq
  from entry e;
grant select on entry_number, numbered_entry to twinlock_app, twinlock_sequencer;

-- What an entry speaks of, for tracing.
create table entry_ref (
  org_id text not null,
  ref_id text not null,
  entry_id text not null,
  rel text not null,
  primary key (org_id, ref_id, entry_id, rel)
);
select isolate('entry_ref');
grant select, insert on entry_ref to twinlock_app;

-- Free text and addresses of an entry; the entry holds only a salted commitment. Erasing a row leaves every proof whole.
create table sidecar (
  org_id text not null,
  entry_id text not null,
  name text not null,
  salt text not null,
  content text not null,
  primary key (org_id, entry_id, name)
);
select isolate('sidecar');
grant select, insert, delete on sidecar to twinlock_app;

-- Law 3. A row changes only in a transaction that also holds an entry, and so a lot. It is looked for by the primary key, whatever the planner knows of the table: a
-- plan that was made while it was empty would read the whole of it for each row.
create function require_entry() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
declare org text;
begin
  if tg_op = 'DELETE' then org := old.org_id; else org := new.org_id; end if;
  if not exists (select from public.entry_lot where org_id = org and xact = pg_current_xact_id()) then
    raise exception 'no record, no act: % on % without a ledger entry', tg_op, tg_table_name using errcode = 'TW003';
  end if;
  return null;
end $$;

-- Puts a table under row-level security and law 3.
create function govern(target regclass) returns void language plpgsql as $$
begin
  perform isolate(target);
  execute format('create constraint trigger recorded after insert or update or delete on %s deferrable initially deferred for each row execute function require_entry()', target);
end $$;

-- That a transaction changed rows before anything of it was recorded. Gone when it commits: nobody else ever sees a row, and no role of the product can touch one.
create table record_due (
  org_id text not null,
  xact xid8 not null,
  primary key (org_id, xact)
);
select isolate('record_due');

-- Law 3, asked once for a statement. Where its transaction holds an entry by then, that is all: nothing takes the entry back without taking back what came after it.
-- Where it holds none yet, that is asked at the commit.
create function require_entry_of_statement() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
begin
  insert into public.record_due (org_id, xact) select c.org_id, pg_current_xact_id() from (select distinct org_id from changed) c
    where not exists (select from public.entry_lot l where l.org_id = c.org_id and l.xact = pg_current_xact_id())
    on conflict do nothing;
  return null;
end $$;

create function require_entry_due() returns trigger language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare bound text := coalesce(current_setting('twinlock.org', true), '');
begin
  perform set_config('twinlock.org', new.org_id, true);
  delete from public.record_due where org_id = new.org_id and xact = new.xact;
  if not exists (select from public.entry_lot where org_id = new.org_id and xact = new.xact) then
    raise exception 'no record, no act: rows were changed without a ledger entry' using errcode = 'TW003';
  end if;
  perform set_config('twinlock.org', bound, true);
  return null;
end $$;
revoke execute on function require_entry_of_statement(), require_entry_due() from public;
create constraint trigger recorded after insert on record_due deferrable initially deferred for each row execute function require_entry_due();

-- The same as `govern`, for a table of which one statement changes many rows: asked once for all of them, and not at the commit for each.
create function govern_statements(target regclass) returns void language plpgsql as $$
begin
  perform isolate(target);
  execute format('create trigger recorded_added after insert on %s referencing new table as changed for each statement execute function require_entry_of_statement()', target);
  execute format('create trigger recorded_changed after update on %s referencing new table as changed for each statement execute function require_entry_of_statement()', target);
  execute format('create trigger recorded_removed after delete on %s referencing old table as changed for each statement execute function require_entry_of_statement()', target);
end $$;

create table organization (
  org_id text primary key,
  slug text not null,
  name text not null,
  label text not null,
  created_at timestamptz not null
);
select govern('organization');
grant select, insert, update on organization to twinlock_app;

-- Ids alone, for the parts that must look after every organization.
create function organizations() returns setof text language sql stable security definer set search_path = public, pg_temp as
  $$ select org_id from public.organization $$;
grant execute on function organizations() to twinlock_app, twinlock_sequencer;
select oversee('organization', 'org_id');
select entrust('organizations()');

-- The latest time that any server was told, in milliseconds since 1970. A sequence, because what was told stays told whatever becomes of the transaction.
create sequence latest_time minvalue 0 start 0;

-- The time that all servers share: this machine's, never before what was told. `carried` is what the asking server's monotonic clock made of its last
-- reading: it bounds how far one reading may leap ahead, and goes on where this machine's clock was set back. Nothing bounds the first reading of a server.
create function common_time(carried bigint) returns table (at bigint, wall bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before bigint;
begin
  perform pg_advisory_xact_lock(848485);
  before := (select last_value from public.latest_time);
  wall := floor(extract(epoch from clock_timestamp()) * 1000);
  if before - wall > 2000 then
    at := greatest(before, least(coalesce(carried, before), before + 60000));
  else
    at := greatest(before, least(wall, coalesce(carried + 1500, wall)));
  end if;
  perform setval('public.latest_time', at);
  return next;
end $$;
revoke execute on function common_time(bigint) from public;
grant execute on function common_time(bigint) to twinlock_app;

-- One row an organization: how often something was taken away. Admissions lock it FOR SHARE, revocations update it.
create table takeaway (
  org_id text primary key,
  version bigint not null default 0
);
select isolate('takeaway');
grant select, insert, update on takeaway to twinlock_app;

-- Admission: each of the entries that a statement was to record found its rows unmoved, or the statement fails and the act with it.
create function require_admitted(recorded bigint, wanted integer) returns void language plpgsql as $$
begin
  if recorded operator(pg_catalog.<>) wanted then
    raise exception 'something was taken away while this was being decided' using errcode = 'TW005';
  end if;
end $$;

create table tile (
  org_id text not null,
  level integer not null,
  idx bigint not null,
  hashes bytea not null,
  primary key (org_id, level, idx)
);
select isolate('tile');
grant select on tile to twinlock_app;
grant select, insert, update on tile to twinlock_sequencer;

create table log_head (
  org_id text primary key,
  origin text not null,
  size bigint not null,
  state bytea not null
);
select isolate('log_head');
grant select on log_head to twinlock_app;
grant select, insert, update on log_head to twinlock_sequencer;

create table checkpoint (
  org_id text not null,
  size bigint not null,
  note text not null,
  at timestamptz not null,
  primary key (org_id, size)
);
select isolate('checkpoint');
grant select on checkpoint to twinlock_app;
grant select, insert on checkpoint to twinlock_sequencer;
