-- Whether a membership counts now ('active'), or why it does not. `active_memberships` asks for the same
-- without the account, whose sessions end when it is disabled.
create or replace function directory.membership_state(
  p_disabled_at timestamptz, p_status text, p_expires_at timestamptz
) returns text
language sql stable
as $$
  select case when p_disabled_at is not null then 'account'
              when p_status <> 'active' then 'suspended'
              when p_expires_at <= now() then 'expired'
              else 'active' end
$$;
