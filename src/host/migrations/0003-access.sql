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
  -- The batch whose end, with that of its last run, is the grant's.
  until_batch text,
  -- The organization's own role that the actions come from.
  custom_role text,
  -- The request that it answers.
  request_id text,
  -- Its holder gave it to himself, to be reviewed by another.
  break_glass boolean not null default false,
  given_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org_id, id),
  check ((role is null) = (cardinality(actions) > 0))
);
create index grant_principal on "grant" (org_id, principal_id) where revoked_at is null;
create index grant_scope on "grant" (org_id, scope_id) where revoked_at is null;
create index grant_custom_role on "grant" (org_id, custom_role) where revoked_at is null and custom_role is not null;
create index grant_break_glass on "grant" (org_id, principal_id) where break_glass;
create index grant_until_run on "grant" (org_id, until_run) where revoked_at is null and until_run is not null;
create index grant_until_batch on "grant" (org_id, until_batch) where revoked_at is null and until_batch is not null;
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

-- Roles of an organization's own: sets of the product's actions. Live grants of a role hold its actions, and change with it.
create table custom_role (
  org_id text not null,
  slug text not null,
  title text not null,
  actions text[] not null,
  state text not null check (state in ('active', 'retired')),
  version integer not null,
  created_by text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (org_id, slug)
);
select govern('custom_role');
grant select, insert, update on custom_role to twinlock_app;

-- Guardrails of an organization's own: Cedar policies that forbid. What is active moves only together with the take-away counter.
create table guardrail (
  org_id text not null,
  slug text not null,
  title text not null,
  policy text not null,
  -- The classes of environments that it speaks of; all, and what happens in none, when empty.
  environment_classes text[] not null,
  -- The sensitivity from which on it speaks; null for all.
  sensitivity text,
  state text not null check (state in ('draft', 'active', 'retired')),
  version integer not null,
  created_by text not null,
  created_at timestamptz not null,
  activated_at timestamptz,
  retired_at timestamptz,
  primary key (org_id, slug)
);
select govern('guardrail');
grant select, insert, update on guardrail to twinlock_app;

-- What a guardrail or a role is meant to do: questions with the decision that is expected.
create table policy_example (
  org_id text not null,
  slug text not null,
  guardrail text,
  role text,
  question jsonb not null,
  expected text not null check (expected in ('allowed', 'denied')),
  note text,
  created_by text not null,
  created_at timestamptz not null,
  primary key (org_id, slug),
  check ((guardrail is null) <> (role is null))
);
select govern('policy_example');
grant select, insert, delete on policy_example to twinlock_app;

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
