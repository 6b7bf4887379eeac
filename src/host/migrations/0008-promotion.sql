-- Crossing: promotions, their checks and approvals, the channels that production pulls from.

create table promotion (
  org_id text not null,
  id text not null,
  artifact_id text not null,
  run_id text not null,
  twin_id text not null,
  source_id text not null,
  environment_id text not null,
  workload_id text not null,
  state text not null check (state in ('requested', 'checked', 'in_review', 'approved', 'rejected', 'crossing', 'crossed', 'superseded', 'rolled_back', 'revoked')),
  channel text not null,
  owner_id text not null,
  proposal jsonb not null,
  nonce text not null,
  key_proved_at timestamptz,
  thumbprint text,
  approvals_needed integer not null,
  makers text[] not null,
  requested_by text not null,
  requested_at timestamptz not null,
  crossed_by text,
  cross_entry text,
  crossed_at timestamptz,
  expires_at timestamptz not null,
  version integer not null,
  primary key (org_id, id)
);
create index promotion_artifact on promotion (org_id, artifact_id);
create index promotion_state on promotion (org_id, state);
create index promotion_twin on promotion (org_id, twin_id, id);
select govern('promotion');
grant select, insert, update on promotion to twinlock_app;

create table promotion_check (
  org_id text not null,
  promotion_id text not null,
  name text not null,
  result text not null check (result in ('passed', 'failed', 'not_assessed')),
  blocking boolean not null,
  detail text not null,
  facts jsonb not null,
  at timestamptz not null,
  primary key (org_id, promotion_id, name)
);
select govern('promotion_check');
grant select, insert, update on promotion_check to twinlock_app;

create table approval (
  org_id text not null,
  promotion_id text not null,
  person_id text not null,
  decision text not null check (decision in ('approved', 'rejected')),
  promotion_version integer not null,
  at timestamptz not null,
  primary key (org_id, promotion_id, person_id, promotion_version)
);
select govern('approval');
-- Removed where somebody leaves while what he approved is still in review.
grant select, insert, delete on approval to twinlock_app;

create table channel (
  org_id text not null,
  environment_id text not null,
  slug text not null,
  artifact_id text not null,
  promotion_id text not null,
  owner_id text not null,
  changed_at timestamptz not null,
  primary key (org_id, environment_id, slug)
);
select govern('channel');
grant select, insert, update, delete on channel to twinlock_app;
