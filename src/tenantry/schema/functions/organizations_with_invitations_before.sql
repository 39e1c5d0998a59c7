-- The next p_limit organizations, and whether they have invitations that were answered or revoked or had
-- expired before a time. Later ones cannot have been.
create or replace function directory.organizations_with_invitations_before(
  p_after uuid, p_limit int, p_before timestamptz, out org_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id,
         exists (select from invitations i
                  where i.org_id = o.org_id and i.created_at < p_before
                    and case i.status when 'pending' then i.expires_at else i.updated_at end < p_before)
    from (select org_id from organizations where org_id > p_after order by org_id limit p_limit) o
   order by o.org_id
$$;
