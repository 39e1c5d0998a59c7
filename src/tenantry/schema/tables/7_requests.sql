-- Rate limits, shared by all processes of the service. The key is a keyed hash of limit and subject, so
-- that no address is stored; from `full_at` on, the row no longer counts.
create table rate_counts (
  key bytea primary key check (length(key) = 32),
  counted_at timestamptz not null,
  full_at timestamptz not null
) with (fillfactor = 70);

-- Answers to calls with an Idempotency-Key.
create table idempotency_keys (
  user_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  created_at timestamptz not null,
  status smallint,
  headers jsonb,
  body bytea,
  primary key (user_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
