-- What is simulated: projects, environments, twins, scenarios, assets, connections.

create table project (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  owner_id text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug)
);
select govern('project');
grant select, insert, update on project to twinlock_app;

create table environment (
  org_id text not null,
  id text not null,
  slug text not null,
  class text not null check (class in ('sandbox', 'staging', 'preproduction', 'production')),
  trust_domain text not null,
  owner_id text not null,
  version integer not null,
  state text not null check (state in ('active', 'retired')),
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug),
  unique (trust_domain)
);
select govern('environment');
grant select, insert, update on environment to twinlock_app;

create table twin (
  org_id text not null,
  id text not null,
  project_id text not null,
  slug text not null,
  kind text not null,
  program text not null,
  owner_id text not null,
  sensitivity text not null check (sensitivity in ('public', 'internal', 'confidential', 'restricted')),
  state text not null check (state in ('draft', 'active', 'retired')),
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug)
);
select govern('twin');
grant select, insert, update on twin to twinlock_app;

create table asset (
  org_id text not null,
  id text not null,
  project_id text not null,
  slug text not null,
  version integer not null,
  digest text not null,
  bytes bigint not null,
  media_type text not null,
  sensitivity text not null check (sensitivity in ('public', 'internal', 'confidential', 'restricted')),
  owner_id text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, project_id, slug, version)
);
select govern('asset');
grant select, insert, update on asset to twinlock_app;

create table connection (
  org_id text not null,
  id text not null,
  environment_id text not null,
  slug text not null,
  access text not null check (access in ('read', 'write', 'control')),
  base_url text not null,
  sensitivity text not null check (sensitivity in ('public', 'internal', 'confidential', 'restricted')),
  owner_id text not null,
  counterpart_id text,
  secret_id text,
  secret_header text,
  loopback boolean not null,
  state text not null check (state in ('active', 'suspended')),
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, environment_id, slug)
);
select govern('connection');
grant select, insert, update on connection to twinlock_app;

create table scenario (
  org_id text not null,
  id text not null,
  twin_id text not null,
  slug text not null,
  version integer not null,
  digest text not null,
  manifest jsonb not null,
  author_id text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, twin_id, slug, version)
);
select govern('scenario');
grant select, insert on scenario to twinlock_app;
