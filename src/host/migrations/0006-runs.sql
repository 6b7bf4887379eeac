-- The run: its three identities, its state, its end; the batch that it was launched in; the claim beside it; the tape.

-- Runs that were launched together. Over once the last of them is: then `ended_at` is set, in the transaction that ends that run.
create table batch (
  org_id text not null,
  id text not null,
  twin_id text not null,
  scenario_id text not null,
  environment_id text not null,
  launched_by text not null,
  size integer not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id)
);
create index batch_twin on batch (org_id, twin_id, id);
select govern('batch');
grant select, insert, update on batch to twinlock_app;

create table run (
  org_id text not null,
  id text not null,
  twin_id text not null,
  scenario_id text not null,
  environment_id text not null,
  batch_id text,
  state text not null check (state in ('queued', 'claimed', 'running', 'ending', 'ended')),
  outcome text check (outcome in ('succeeded', 'failed', 'cancelled', 'deadline', 'lost', 'pipeline_failed', 'revoked')),
  cause text check (cause ~ '^[a-z_]{1,40}$'),
  epoch integer not null,
  spiffe_id text not null,
  operator_id text not null,
  orchestrator_id text not null,
  seed bigint not null,
  parameters jsonb not null,
  sensitivity text not null check (sensitivity in ('public', 'internal', 'confidential', 'restricted')),
  queued_at timestamptz not null,
  started_at timestamptz,
  deadline timestamptz not null,
  ending_at timestamptz,
  ended_at timestamptz,
  summary jsonb,
  closed jsonb,
  exit jsonb,
  frozen_at timestamptz,
  frozen_until timestamptz,
  frozen_by text,
  frozen_reason text,
  primary key (org_id, id),
  check ((frozen_at is null) = (frozen_until is null) and (frozen_at is null) = (frozen_by is null) and (frozen_at is null) = (frozen_reason is null))
);
create index run_live on run (org_id, state, id) where state <> 'ended';
create index run_twin on run (org_id, twin_id, id);
create index run_batch on run (org_id, batch_id, id) where batch_id is not null;
create index run_frozen on run (org_id, frozen_until) where frozen_until is not null;
select govern('run');
grant select, insert, update on run to twinlock_app;

-- Holds back every admission of the organization. Live runs are waited for first, in the order of their ids, and then the counter: as calls and the end of a
-- run take them, so that none waits for another in a circle. Says what the counter has come to.
create function hold_admissions() returns bigint language plpgsql set search_path = public, pg_temp as $$
declare
  held bigint;
begin
  perform from run where state in ('queued', 'claimed', 'running') order by id for no key update;
  select version into held from takeaway for no key update;
  return held;
end $$;

-- A worker's hold on a run, and what it last said. Carries no authority of its own: the run's row does.
create table run_claim (
  org_id text not null,
  run_id text not null,
  worker text not null,
  beat_at timestamptz not null,
  expires_at timestamptz not null,
  done bigint not null default 0,
  total bigint not null default 0,
  note text not null default '',
  primary key (org_id, run_id)
);
select isolate('run_claim');
grant select, insert, update, delete on run_claim to twinlock_app;

-- The tape: every call that a run (or a promoted workload) made, allowed or refused.
create table call (
  org_id text not null,
  id text not null,
  holder_id text not null,
  number integer not null,
  connection_id text,
  connection text not null,
  method text not null,
  path text not null,
  decision text not null check (decision in ('allowed', 'denied')),
  code text,
  state text not null check (state in ('decided', 'settled', 'unknown')),
  status integer,
  request_digest text not null,
  response_digest text,
  response_bytes bigint,
  duration_ms integer,
  entry_id text not null,
  at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, holder_id, number)
);
create index call_open on call (org_id, holder_id) where state = 'decided';
select govern_statements('call');
grant select, insert, update on call to twinlock_app;

-- Gives the turn at what runs and workloads number one after the other: each key is held, in one order, until the transaction ends, so that no two give out one
-- number and none waits in a circle. Only after what their admission locks, since whoever holds all admissions back comes here with those in hand.
create function take_turns(holders text[], keys text[]) returns void language plpgsql volatile set search_path = public, pg_temp as $$
begin
  perform from run where id = any(holders) order by id for share;
  perform from takeaway for share;
  perform pg_advisory_xact_lock(key) from (select distinct hashtextextended(k, 0) as key from unnest(keys) as k order by key) as locks;
end $$;

-- Where each holder's tape ends, held until the transaction ends. What follows the lock is a statement of its own, which alone sees what its last owner wrote.
-- Planned once: for few holders it would be planned each time.
create function ends_of_tapes(holders text[]) returns table (holder text, last integer)
  language plpgsql volatile set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  perform take_turns(holders, holders);
  return query
    select h.id, coalesce((select number from call where org_id = current_org() and holder_id = h.id order by number desc limit 1), 0)
    from unnest(holders) as h (id);
end $$;
