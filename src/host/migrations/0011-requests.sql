-- Asking for access: requests with the approvals that they have so far, and the reviews of break-glass.

create table access_request (
  org_id text not null,
  id text not null,
  asker_id text not null,
  -- A role that ships, or single actions: those of a role of the organization's own as they were when it was asked for, or others.
  role text,
  custom_role text,
  actions text[] not null,
  scope_type text not null,
  scope_id text not null,
  environments text[] not null,
  -- How long the grant shall last; an approval may shorten it.
  minutes integer not null check (minutes > 0),
  not_before timestamptz,
  state text not null check (state in ('open', 'approved', 'denied', 'withdrawn', 'expired', 'ended')),
  approvals_needed integer not null check (approvals_needed in (1, 2)),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  -- Null where nobody decided: it expired, or its asker left.
  closed_by text,
  grant_id text,
  primary key (org_id, id),
  check ((role is null) = (cardinality(actions) > 0)),
  check (custom_role is null or role is null),
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'approved') = (grant_id is not null))
);
create index access_request_open on access_request (org_id, expires_at) where state = 'open';
create index access_request_asker on access_request (org_id, asker_id);
select govern('access_request');
grant select, insert, update on access_request to twinlock_app;

-- The approvals that count. One that is taken back is removed; that it was given stays in the ledger.
create table access_approval (
  org_id text not null,
  request_id text not null,
  step integer not null,
  person_id text not null,
  -- What this approval shortened it to.
  minutes integer,
  at timestamptz not null,
  primary key (org_id, request_id, step),
  unique (org_id, request_id, person_id)
);
create index access_approval_person on access_approval (org_id, person_id);
select govern('access_approval');
grant select, insert, delete on access_approval to twinlock_app;

-- What somebody else said of a use of break-glass, once.
create table break_glass_review (
  org_id text not null,
  grant_id text not null,
  verdict text not null check (verdict in ('justified', 'not_justified')),
  reviewed_by text not null,
  reviewed_at timestamptz not null,
  primary key (org_id, grant_id)
);
select govern('break_glass_review');
grant select, insert on break_glass_review to twinlock_app;
