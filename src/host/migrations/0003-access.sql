-- May they: grants of roles and actions, and the permissions of runs and promoted services.

create table "grant" (
  org_id text not null,
  id text not null,
  principal_type text not null,
  principal_id text not null,
  -- A role, or single actions.
  role text,
  actions text[] not null default '{}',
  scope_type text not null,
  scope_id text not null,
  environments text[] not null,
  not_before timestamptz,
  expires_at timestamptz,
  -- The run whose end is the grant's.
  until_run text,
  given_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org_id, id),
  check ((role is null) = (cardinality(actions) > 0))
);
create index grant_principal on "grant" (org_id, principal_id) where revoked_at is null;
create index grant_until_run on "grant" (org_id, until_run) where revoked_at is null and until_run is not null;
select govern('"grant"');
grant select, insert, update on "grant" to twinlock_app;

-- Duties that nobody shall hold together: roles and actions, in the words of grants.
create table duty_conflict (
  org_id text not null,
  slug text not null,
  one_side text[] not null,
  other_side text[] not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, slug)
);
select govern('duty_conflict');
grant select, insert, update on duty_conflict to twinlock_app;

-- What a run (from its manifest) or a service (from a promotion) may call: one row a rule.
create table permission (
  org_id text not null,
  holder_id text not null,
  number integer not null,
  connection_id text not null,
  methods text[] not null,
  path text not null,
  origin_id text not null,
  primary key (org_id, holder_id, number)
);
create index permission_origin on permission (org_id, origin_id);
select govern('permission');
grant select, insert, update, delete on permission to twinlock_app;
