-- Who: people, one-time links, sessions, workloads.

create table person (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  email text not null,
  -- As addresses are compared: in lower case, and by bytes, which row-level security lets an index serve.
  email_key text not null collate "C",
  -- Since when it is his, where he had another one before: an address that came later proves nothing about who came in before.
  address_since timestamptz,
  clearance integer not null check (clearance between 0 and 3),
  state text not null check (state in ('active', 'left')),
  salt text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug),
  unique (org_id, email_key)
);
create function keep_email_key() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  new.email_key := lower(new.email);
  return new;
end $$;
create trigger email_key before insert or update on person for each row execute function keep_email_key();
alter table person enable always trigger email_key;
select govern('person');
grant select, insert, update on person to twinlock_app;

-- An attacker who can read here learns no link: only SHA-256 of 32 random bytes is kept.
create table one_time_link (
  org_id text not null,
  hash text not null,
  person_id text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, hash)
);
select govern('one_time_link');
grant select, insert, update on one_time_link to twinlock_app;

create table session (
  org_id text not null,
  id text not null,
  hash text not null,
  person_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id),
  unique (org_id, hash)
);
create index session_person on session (org_id, person_id);
select govern('session');
grant select, insert, update on session to twinlock_app;

-- That a person left, and how many of each thing ended: for reading back.
create table person_leaving (
  org_id text not null,
  person_id text not null,
  at timestamptz not null,
  because text not null check (because in ('offboarded', 'directory', 'sponsor_left', 'engagement_over', 'contract_ended')),
  ended jsonb not null,
  primary key (org_id, person_id)
);
select govern('person_leaving');
grant select, insert, update, delete on person_leaving to twinlock_app;

-- Groups of people, workloads and other groups: what a group is granted, its members have.
create table "group" (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  owner_id text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug)
);
select govern('"group"');
grant select, insert, update on "group" to twinlock_app;

create table group_member (
  org_id text not null,
  group_id text not null,
  member_id text not null,
  added_at timestamptz not null,
  primary key (org_id, group_id, member_id)
);
create index group_member_above on group_member (org_id, member_id);
select govern('group_member');
grant select, insert, delete on group_member to twinlock_app;

create table workload (
  org_id text not null,
  id text not null,
  kind text not null check (kind in ('pipeline', 'agent', 'service')),
  slug text not null,
  environment_id text not null,
  owner_id text not null,
  -- The person who brought its key; null where a part of the product did.
  brought_by text,
  clearance integer not null check (clearance between 0 and 3),
  state text not null check (state in ('pending', 'active', 'suspended', 'ended')),
  jwk jsonb,
  thumbprint text,
  -- The key before, which is good until then; who brought it is remembered until a later one is brought.
  former_jwk jsonb,
  former_thumbprint text,
  former_until timestamptz,
  former_brought_by text,
  expires_at timestamptz,
  promotion_id text,
  created_at timestamptz not null,
  -- What it is again when somebody takes it over: set where it stopped because its owner left, and by nothing else.
  resumes_as text check (resumes_as in ('pending', 'active')),
  primary key (org_id, id),
  unique (org_id, environment_id, kind, slug)
);
create index workload_thumbprint on workload (org_id, thumbprint);
create index workload_former on workload (org_id, former_thumbprint) where former_thumbprint is not null;
select govern('workload');
grant select, insert, update on workload to twinlock_app;

-- Client assertions seen, so that none is used twice. Carries no authority; rows go when they expire.
create table assertion_used (
  org_id text not null,
  hash text not null,
  expires_at timestamptz not null,
  primary key (org_id, hash)
);
select isolate('assertion_used');
grant select, insert, delete on assertion_used to twinlock_app;
