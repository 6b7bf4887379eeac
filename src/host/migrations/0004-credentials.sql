-- What proves it: keys wrapped by the key-encryption key of their side, credentials that were issued.

create table signing_key (
  org_id text not null,
  environment_id text not null,
  id text not null,
  purpose text not null check (purpose in ('identity', 'provenance', 'checkpoint')),
  side text not null check (side in ('simulation', 'production', 'ledger')),
  public_jwk jsonb not null,
  wrapped bytea not null,
  state text not null check (state in ('active', 'retiring', 'retired')),
  created_at timestamptz not null,
  primary key (org_id, id)
);
create index signing_key_environment on signing_key (org_id, environment_id, purpose);
select govern('signing_key');
grant select, insert, update on signing_key to twinlock_app;
grant select on signing_key to twinlock_sequencer;

create table credential (
  org_id text not null,
  id text not null,
  holder_id text not null,
  environment_id text not null,
  audience text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org_id, id)
);
create index credential_holder on credential (org_id, holder_id);
select govern('credential');
grant select, insert, update on credential to twinlock_app;

-- Upstream credentials, sealed with the environment's side; AAD is org, environment, purpose, id, version.
create table secret (
  org_id text not null,
  id text not null,
  environment_id text not null,
  version integer not null,
  side text not null check (side in ('simulation', 'production')),
  source text not null check (source in ('store', 'inline')),
  fingerprint text not null,
  wrapped bytea not null,
  created_at timestamptz not null,
  primary key (org_id, id, version)
);
select govern('secret');
-- Sealed again when a key-encryption key is rotated; what it is for never changes. A version that was replaced is destroyed.
grant select, insert, delete, update (wrapped, fingerprint) on secret to twinlock_app;
