-- Directories: what an identity provider last said of people and groups over SCIM, beside the people and groups that became of it.

create table directory (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  owner_id text not null,
  -- Whether it may take over people who were here before it, by their address.
  adopts boolean not null,
  state text not null check (state in ('active', 'retired')),
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug)
);
select govern('directory');
grant select, insert, update on directory to twinlock_app;

-- An attacker who can read here learns no token: only SHA-256 of 32 random bytes is kept.
create table directory_token (
  org_id text not null,
  hash text not null,
  directory_id text not null,
  -- The person who was shown it; null where it was shown to whoever held an admin link.
  made_by text,
  created_at timestamptz not null,
  -- When it was rotated out or retired; until that it is good.
  ends_at timestamptz,
  primary key (org_id, hash)
);
create index directory_token_directory on directory_token (org_id, directory_id);
select govern('directory_token');
grant select, insert, update on directory_token to twinlock_app;

-- Keys are compared in lower case, by bytes: operators that row-level security lets an index serve.
create table directory_user (
  org_id text not null,
  person_id text not null,
  directory_id text not null,
  external_id text,
  user_name_key text not null collate "C",
  active boolean not null,
  doc jsonb not null,
  -- Of that, what mappings may ask for, as it is compared.
  said jsonb not null default '{}',
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, person_id),
  unique (org_id, user_name_key)
);
create index directory_user_page on directory_user (org_id, directory_id, person_id);
-- How many begin with something is counted here, without the rows.
create index directory_user_name on directory_user (org_id, directory_id, user_name_key);
create unique index directory_user_external on directory_user (org_id, directory_id, external_id);
create index directory_user_updated on directory_user (org_id, directory_id, updated_at);
select govern('directory_user');
grant select, insert, update, delete on directory_user to twinlock_app;

create table directory_address (
  org_id text not null,
  person_id text not null,
  address text not null collate "C",
  primary key (org_id, person_id, address)
);
create index directory_address_key on directory_address (org_id, address);
select govern('directory_address');
grant select, insert, delete on directory_address to twinlock_app;

create table directory_group (
  org_id text not null,
  group_id text not null,
  directory_id text not null,
  external_id text,
  display_key text not null collate "C",
  -- How many members it has at most: what was put in is added, and nothing taken off, until it would be too many.
  members_at_most integer not null default 0,
  doc jsonb not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, group_id),
  unique (org_id, directory_id, display_key)
);
create unique index directory_group_external on directory_group (org_id, directory_id, external_id);
select govern('directory_group');
grant select, insert, update, delete on directory_group to twinlock_app;

-- Who is in a group as the directory last said; who is in it here stands in group_member.
create table directory_member (
  org_id text not null,
  group_id text not null,
  member_id text not null,
  primary key (org_id, group_id, member_id)
);
create index directory_member_above on directory_member (org_id, member_id);
select govern('directory_member');
grant select, insert, delete on directory_member to twinlock_app;

-- One row for each thing that a directory asked for, done or refused: for people to read.
create table directory_delivery (
  org_id text not null,
  id text not null,
  directory_id text not null,
  at timestamptz not null,
  operation text not null,
  resource_id text,
  -- The names of attributes, never their values.
  changed text[] not null,
  code text,
  entry_id text not null,
  primary key (org_id, id)
);
create index directory_delivery_page on directory_delivery (org_id, directory_id, id);
select govern('directory_delivery');
grant select, insert, delete on directory_delivery to twinlock_app;

-- People whom a directory removed: it alone may bring them back.
create table directory_former (
  org_id text not null,
  person_id text not null,
  directory_id text not null,
  primary key (org_id, person_id)
);
select govern('directory_former');
grant select, insert, update, delete on directory_former to twinlock_app;

-- Which of several users who are to be are called, and reached, like nobody here, and whether the slug of such a one is taken. The first name that is not before
-- is looked for, in the order of its index, so that this index answers whatever the planner knows of the tables: a plan that was made while they were small would
-- read everybody who came since, each time. Addresses are made comparable apart: by a function of a column, row-level security lets no index serve it.
create function plainly_new(places integer[], names text[], directories text[], externals text[], addresses text[], slugs text[])
  returns table (place integer, slug_taken boolean) language plpgsql stable
  set search_path = public, pg_temp set enable_seqscan = off set enable_sort = off as $$
begin
  return query
    with told as materialized (
      select s.at, s.name, s.directory, s.external, lower(s.address) as address, s.slug
      from unnest(places, names, directories, externals, addresses, slugs) as s (at, name, directory, external, address, slug)
    )
    select t.at, (select p.slug from person p where p.slug >= t.slug order by p.slug limit 1) is not distinct from t.slug
    from told t
    where (select u.user_name_key from directory_user u where u.user_name_key >= t.name order by u.user_name_key limit 1) is distinct from t.name
      and (t.external is null or (select u.external_id from directory_user u where u.directory_id = t.directory and u.external_id >= t.external
        order by u.external_id limit 1) is distinct from t.external)
      and (select p.email_key from person p where p.email_key >= t.address order by p.email_key limit 1) is distinct from t.address;
end $$;
