-- People whom a trusted issuer knows. A row stays when its person has gone: what was issued up to
-- `refused_until` never counts again.

create table identities (
  issuer text collate "C" not null check (length(issuer) between 1 and 255),
  subject text collate "C" not null check (length(subject) between 1 and 255),
  user_id uuid,
  -- The session in which all calls of the issuer's tokens are made. No foreign key: what ended long
  -- ago is swept.
  session_id uuid,
  refused_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (issuer, subject),
  check ((user_id is null) = (session_id is null))
);
create index identities_by_user on identities (user_id) where user_id is not null;

grant select, insert, update on identities to tenantry_service;
