-- What came out: artifacts in quarantine, attestations about them, exports.

create table artifact (
  org_id text not null,
  id text not null,
  run_id text not null,
  twin_id text not null,
  digest text not null,
  manifest jsonb not null,
  sensitivity text not null check (sensitivity in ('public', 'internal', 'confidential', 'restricted')),
  because jsonb not null,
  findings jsonb not null,
  state text not null check (state in ('quarantined', 'promoted', 'destroyed')),
  sealed_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, run_id)
);
create index artifact_twin on artifact (org_id, twin_id, id);
select govern('artifact');
grant select, insert, update on artifact to twinlock_app;

create table attestation (
  org_id text not null,
  id text not null,
  subject_id text not null,
  predicate_type text not null,
  envelope jsonb not null,
  at timestamptz not null,
  primary key (org_id, id)
);
create index attestation_subject on attestation (org_id, subject_id);
select govern('attestation');
grant select, insert on attestation to twinlock_app;

-- A file that a run wrote, before it is sealed. The run's sealing takes what is here, and nothing after it. Its number is its place among the run's files.
create table output_file (
  org_id text not null,
  run_id text not null,
  name text not null,
  number integer not null,
  media_type text not null,
  digest text not null,
  bytes bigint not null,
  findings jsonb not null,
  at timestamptz not null,
  primary key (org_id, run_id, name),
  unique (org_id, run_id, number)
);
select govern('output_file');
grant select, insert, update on output_file to twinlock_app;
