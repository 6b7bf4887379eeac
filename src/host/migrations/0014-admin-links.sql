-- Links by which somebody from elsewhere, who has no account, sets up a sign-in connection, a directory, or both. An attacker who can read here learns no link.
create table admin_link (
  org_id text not null,
  id text not null,
  hash text not null,
  name text not null,
  purpose text not null check (purpose in ('sign-in', 'directory', 'both')),
  sso_id text,
  directory_id text,
  made_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  accepted_at timestamptz,
  primary key (org_id, id),
  unique (org_id, hash),
  check (sso_id is null or purpose <> 'directory'),
  check (directory_id is null or purpose <> 'sign-in')
);
select govern('admin_link');
grant select, insert, update on admin_link to twinlock_app;
create index admin_link_made_by on admin_link (org_id, made_by) where ended_at is null;

-- What a link set up is proposed until an administrator accepts it.
alter table sso drop constraint sso_state_check;
alter table sso add constraint sso_state_check check (state in ('proposed', 'active', 'retired'));
alter table directory drop constraint directory_state_check;
alter table directory add constraint directory_state_check check (state in ('proposed', 'active', 'retired'));
