-- Signing in through an identity provider, and what a session is worth: where it came from, when it was last used, how fresh it is.

create table sso (
  org_id text not null,
  id text not null,
  slug text not null,
  name text not null,
  protocol text not null check (protocol in ('oidc', 'saml')),
  issuer text not null,
  -- For OpenID Connect; empty for SAML, where the connection is an entity of its own.
  client_id text not null,
  method text not null check (method in ('secret', 'key', 'certificate')),
  -- The client's secret or private key, sealed.
  sealed bytea not null,
  public_jwk text,
  -- What a SAML provider said of itself, and our own certificate: all of it public.
  saml jsonb check ((saml is null) = (protocol = 'oidc')),
  loopback boolean not null,
  -- Whether people of its domains are added when they first sign in, and with which clearance.
  provisions boolean not null,
  clearance integer not null check (clearance between 0 and 3),
  step_up_acr text,
  state text not null check (state in ('active', 'retired')),
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, slug)
);
select govern('sso');
grant select, insert, update on sso to twinlock_app;

-- Whom a provider's subject is here.
create table sso_identity (
  org_id text not null,
  sso_id text not null,
  subject text not null,
  person_id text not null,
  created_at timestamptz not null,
  primary key (org_id, sso_id, subject),
  unique (org_id, sso_id, person_id)
);
select govern('sso_identity');
grant select, insert, delete on sso_identity to twinlock_app;

-- Sign-ins, assertions and logout tokens that were used, so that none is used twice. Carries no authority; rows go when they expire.
create table sso_used (
  org_id text not null,
  hash text not null,
  expires_at timestamptz not null,
  primary key (org_id, hash)
);
select isolate('sso_used');
grant select, insert, delete on sso_used to twinlock_app;

create table domain (
  org_id text not null,
  id text not null,
  name text not null,
  -- The connection that vouches for the addresses of this domain.
  sso_id text not null,
  token text not null,
  verified_at timestamptz,
  -- When its record was looked for last, since when it was not found, and at how many looks in a row.
  checked_at timestamptz,
  missing_since timestamptz,
  missed_looks integer not null default 0,
  -- When it lapsed: nobody is linked or added by it any more, and another organization may prove it. Its addresses lead here until one does.
  lapsed_at timestamptz,
  created_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, name)
);
-- A domain belongs to one organization at a time, across all of them.
create unique index domain_verified on domain (name) where verified_at is not null and lapsed_at is null;
select govern('domain');
grant select, insert, update, delete on domain to twinlock_app;

create table sign_in_rules (
  org_id text primary key,
  require_sso boolean not null,
  step_up_seconds integer not null check (step_up_seconds between 60 and 43200)
);
select govern('sign_in_rules');
grant select, insert, update on sign_in_rules to twinlock_app;

alter table one_time_link add column break_glass boolean not null default false;
-- Where somebody made it for himself in a session that a link had opened: when that session ends at the latest.
alter table one_time_link add column lasts_until timestamptz;
-- The session that it was made in; null where no person made it.
alter table one_time_link add column made_in text;
create index one_time_link_made_in on one_time_link (org_id, made_in) where used_at is null;

alter table session
  add column entry_id text,
  add column device text not null default '',
  add column idle_seconds integer not null default 21600,
  -- When the person proved himself; null where nobody knows.
  add column authenticated_at timestamptz,
  add column acr text,
  add column break_glass boolean not null default false,
  add column sso_id text,
  add column sso_subject text,
  add column sso_session text,
  -- In which format a SAML provider named the person: it is named back to it when he signs out.
  add column sso_name_format text,
  -- Where a person proved himself here: the passkey, or that it was a recovery code.
  add column passkey_id text,
  add column recovery boolean not null default false,
  -- The session in which the link was made that opened it.
  add column opened_from text;
create index session_opened_from on session (org_id, opened_from) where opened_from is not null;
create index session_sso on session (org_id, sso_id, sso_subject) where ended_at is null and sso_id is not null;

-- When a session was last used, to the minute. It can only shorten what a session is good for.
create table session_seen (
  org_id text not null,
  session_id text not null,
  at timestamptz not null,
  primary key (org_id, session_id)
);
select isolate('session_seen');
grant select, insert, update on session_seen to twinlock_app;

-- The organizations that a person may be about to sign in to: ids alone, asked before anybody is known, so it must not tell more.
create function sign_in_homes(kind text, wanted text) returns setof text language sql stable security definer set search_path = public, pg_temp as $$
  select d.org_id from public.domain d where kind = 'domain' and d.name = wanted and d.verified_at is not null and (d.lapsed_at is null
    or not exists (select from public.domain o where o.name = wanted and o.verified_at is not null and o.lapsed_at is null))
  union all
  select org_id from public.organization where kind = 'organization' and (slug = wanted or org_id = wanted)
  limit 2
$$;
revoke execute on function sign_in_homes(text, text) from public;
grant execute on function sign_in_homes(text, text) to twinlock_app;
select oversee('domain', 'org_id', 'name', 'verified_at', 'lapsed_at'), oversee('organization', 'slug');
select entrust('sign_in_homes(text, text)');

-- Whether another organization has proved a domain: yes or no, never which.
create function domain_elsewhere(wanted text) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select 'taken' from public.domain where name = wanted and verified_at is not null and lapsed_at is null and org_id <> current_org() limit 1
$$;
revoke execute on function domain_elsewhere(text) from public;
grant execute on function domain_elsewhere(text) to twinlock_app;
select entrust('domain_elsewhere(text)');

-- Passkeys of people: public keys, which a person's devices hold the other halves of. A row that was removed stays, so that its key is never added again.
create table passkey (
  org_id text not null,
  id text not null,
  person_id text not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text not null,
  synced boolean not null,
  name text not null,
  state text not null check (state in ('active', 'suspended', 'removed')),
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, id),
  unique (org_id, credential_id)
);
select govern('passkey');
grant select, insert, update on passkey to twinlock_app;
create index passkey_person on passkey (org_id, person_id);

-- Hashes of recovery codes.
create table recovery_code (
  org_id text not null,
  hash text not null,
  person_id text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, hash)
);
select govern('recovery_code');
grant select, insert, update on recovery_code to twinlock_app;
create index recovery_code_person on recovery_code (org_id, person_id) where used_at is null;
