-- Standing grants to whoever is in a group or is said to be something by a directory; guests and engagements, whose time here has an end.

-- A name for roles on scopes: what somebody does here.
create table position (
  org_id text not null,
  slug text not null,
  title text not null,
  terms jsonb not null,
  state text not null check (state in ('active', 'retired')),
  version integer not null,
  created_by text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (org_id, slug)
);
select govern('position');
grant select, insert, update on position to twinlock_app;

create table mapping (
  org_id text not null,
  id text not null,
  slug text not null,
  title text not null,
  -- Of whom: a group, or people of whom a directory (any, where none is named) says all of these.
  group_id text,
  conditions jsonb,
  directory_id text,
  -- What: a position, or terms of its own.
  position text,
  terms jsonb,
  expires_at timestamptz,
  state text not null check (state in ('active', 'retired')),
  version integer not null,
  created_by text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (org_id, id),
  unique (org_id, slug),
  check ((group_id is null) <> (conditions is null)),
  check ((position is null) <> (terms is null))
);
select govern('mapping');
grant select, insert, update on mapping to twinlock_app;

-- Which grants come by a mapping. One whose grant was taken away by anybody else stays, so that it is not given again.
create table mapped_grant (
  org_id text not null,
  grant_id text not null,
  mapping_id text not null,
  principal_id text not null,
  term text not null,
  primary key (org_id, grant_id)
);
create index mapped_grant_mapping on mapped_grant (org_id, mapping_id, principal_id);
select govern('mapped_grant');
grant select, insert, delete on mapped_grant to twinlock_app;

-- Grants that end with a guest's invitation or with an engagement.
create table bound_grant (
  org_id text not null,
  grant_id text not null,
  bound_id text not null,
  primary key (org_id, grant_id)
);
create index bound_grant_bound on bound_grant (org_id, bound_id);
select govern('bound_grant');
grant select, insert on bound_grant to twinlock_app;

-- One row an invitation: somebody may be invited by more than one, each with an end of its own.
create table guest (
  org_id text not null,
  id text not null,
  person_id text not null,
  sponsor_id text not null,
  asked_id text,
  role text not null,
  projects text[] not null check (cardinality(projects) > 0),
  environments text[] not null,
  until timestamptz not null,
  state text not null check (state in ('invited', 'active', 'paused', 'ended')),
  engagement_id text,
  invited_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id)
);
create index guest_person on guest (org_id, person_id);
create index guest_sponsor on guest (org_id, sponsor_id) where state <> 'ended';
create index guest_until on guest (org_id, until) where state <> 'ended';
select govern('guest');
grant select, insert, update on guest to twinlock_app;

create table engagement (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  sponsor_id text not null,
  -- Whether he has left, since when he answers for it no more, whether he is here again or not.
  sponsor_left boolean not null default false,
  projects text[] not null check (cardinality(projects) > 0),
  until timestamptz not null,
  state text not null check (state in ('unconfirmed', 'active', 'suspended', 'ended')),
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id),
  unique (org_id, slug)
);
create index engagement_until on engagement (org_id, until) where state <> 'ended';
select govern('engagement');
grant select, insert, update on engagement to twinlock_app;

create table engagement_member (
  org_id text not null,
  member_id text not null,
  engagement_id text not null,
  added_at timestamptz not null,
  primary key (org_id, member_id)
);
create index engagement_member_of on engagement_member (org_id, engagement_id);
select govern('engagement_member');
grant select, insert, delete on engagement_member to twinlock_app;

-- What a sign-in connection said of a person when he last signed in through it, as far as mappings may ask for it.
alter table sso_identity
  add column said jsonb,
  add column said_at timestamptz;
grant update (said, said_at) on sso_identity to twinlock_app;
