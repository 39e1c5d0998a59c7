-- The next p_limit organizations, and whether they have emails that were settled before a time and that no
-- invitation needs for its delivery status.
create or replace function directory.organizations_with_emails_before(
  p_after uuid, p_limit int, p_before timestamptz, out org_id uuid, out is_due boolean
) returns setof record
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.org_id,
         exists (select from emails l
                  where l.org_id = o.org_id and l.settled_at < p_before
                    and not exists (select from invitations i
                                     where i.org_id = l.org_id and i.email_id = l.id))
    from (select org_id from organizations where org_id > p_after order by org_id limit p_limit) o
   order by o.org_id
$$;
