"""By whose eyes an organization is read: which workspaces a person sees, and which a key does."""

from uuid import UUID

from tenantry.authz.authority import Viewer

# Whether the key with digest $2 sees all workspaces of the organization $1: its role is Admin, and
# so is the role of the member whose own it is. It belongs to none, so private ones are else hidden.
KEY_SEES_ALL = """
    exists (select from api_key_secrets s
              join api_keys k on k.org_id = s.org_id and k.id = s.key_id
              left join service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
              join roles y on y.org_id = k.org_id and y.id = coalesce(a.role_id, k.role_id)
              left join (memberships x join roles z on z.org_id = x.org_id and z.id = x.role_id)
                on x.org_id = k.org_id and x.id = k.membership_id
             where s.digest = $2 and k.org_id = $1 and a.workspace_id is null
               and k.workspace_id is null and y.key = 'admin' and coalesce(z.key, y.key) = 'admin')
"""
# The one who reads, as member and role: of a person ($2 is their id), or as if, of a key.
_MINE_OF_PERSON = """
    (select x.org_id, x.id, y.key from memberships x
       join roles y on y.org_id = x.org_id and y.id = x.role_id
      where x.org_id = $1 and x.user_id = $2)
"""
_MINE_OF_KEY = f"""
    (select $1::uuid as org_id, null::uuid as id,
            case when (select {KEY_SEES_ALL}) then 'admin' end as key)
"""
VIEWER_MEMBERSHIP = {False: _MINE_OF_PERSON, True: _MINE_OF_KEY}
"""What a statement joins to know who reads, by whether a key does."""

VISIBLE = """(w.visibility = 'organization' or mine.key = 'admin'
           or exists (select from workspace_memberships me
                       where me.org_id = w.org_id and me.workspace_id = w.id
                         and me.membership_id = mine.id))"""
"""Whether the reader, joined as `mine`, can see the workspace `w`: the one rule for all reads."""


def is_key(viewer: Viewer) -> bool:
    """Whether a key reads, and no person."""
    return not isinstance(viewer, UUID)
