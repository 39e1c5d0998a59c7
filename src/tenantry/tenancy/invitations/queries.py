"""Reading invitations: those of an organization, and those to oneself."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerKeyset, ViewerStatement
from tenantry.kit.page import Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.postgres.keyset import Keyset
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.tenancy.invitations.model import (
    ACCEPTED,
    DECLINED,
    EXPIRED,
    PENDING,
    REVOKED,
    Invitation,
    Inviter,
    MyInvitation,
)
from tenantry.tenancy.memberships.model import WorkspaceGrant


class _Row(NamedTuple):
    id: UUID
    org_id: UUID
    email: str
    role: RoleRef
    status: str
    inviter: Inviter
    expires_at: datetime
    delivery: str
    created_at: datetime
    updated_at: datetime
    grants: list[tuple[str, str, str, str]] | None
    """In workspaces: their ids, and the roles' ids, keys and names."""
    inviter_can_grant: bool
    organization_name: str = ""


# The roles in workspaces are shown as far as the caller ($2) sees the workspace: a private one's
# id is not shown to others. A pending invitation past its time counts as expired at once.
_INVITATIONS = f"""
    select i.id, i.org_id, i.email, r.id as role_id, r.key as role_key, r.name as role_name,
           case when i.status = 'pending' and i.expires_at <= now() then 'expired'
                else i.status end as status,
           i.invited_by as inviter_id, coalesce(u.name, '') as inviter_name, i.expires_at,
           l.state as delivery, i.created_at, i.updated_at,
           (select jsonb_agg(jsonb_build_array(w.id, t.id, t.key, t.name) order by w.id)
              from invitation_workspaces iw
              join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id
              join roles t on t.org_id = iw.org_id and t.id = iw.role_id
             where iw.org_id = i.org_id and iw.invitation_id = i.id
               and {VISIBLE}) as grants,
           i.status <> 'pending' or i.expires_at <= now()
             or directory.inviter_can_grant(i.org_id, i.id) as inviter_can_grant
      from invitations i
      join roles r on r.org_id = i.org_id and r.id = i.role_id
      join emails l on l.org_id = i.org_id and l.id = i.email_id
      left join users u on u.id = i.invited_by
      {JOIN_VIEWER}
     where i.org_id = $1
"""
# The status is written into the statement, so that each is planned with the index that it needs.
_OF_STATUS = {
    None: "",
    PENDING: "and i.status = 'pending' and i.expires_at > now()",
    EXPIRED: """and i.status in ('expired', 'pending')
                and (i.status = 'expired' or i.expires_at <= now())""",
    **{status: f"and i.status = '{status}'" for status in (ACCEPTED, DECLINED, REVOKED)},
}
_GET = ViewerStatement(f"{_INVITATIONS} and i.id = $3", _Row)
_LISTS = {
    status: ViewerKeyset(f"{_INVITATIONS} {of_status}", "i.id", _Row)
    for status, of_status in _OF_STATUS.items()
}
_MY_COLUMNS = """
    i.id, i.org_id, i.email, i.role_id, i.role_key, i.role_name, i.status,
    i.invited_by as inviter_id, i.inviter_name, i.expires_at, i.delivery, i.created_at,
    i.updated_at, i.workspaces as grants,
    directory.inviter_can_grant(i.org_id, i.id) as inviter_can_grant, i.organization_name
"""
_MINE = Keyset.of_functions(
    f"select {_MY_COLUMNS} from {{}}($1, $2, $3, $4, $5) i",
    "directory.my_invitations",
    "directory.my_invitations_descending",
    _Row,
)
# Found by the index of status, of which few are open.
_COUNT_OPEN_OF = Statement(
    """
    select count(*) from invitations
     where org_id = $1 and status = 'pending' and expires_at > now() and invited_by = $2
""",
    int,
)


async def find(
    reader: Reader, org_id: UUID, viewer: Viewer, invitation_id: UUID
) -> Invitation | None:
    """The invitation with what the viewer may see of it."""
    row = await reader.row(_GET(org_id, viewer, invitation_id))
    return _invitation(row) if row else None


async def get(reader: AuthorizedReader, invitation_id: UUID) -> Invitation:
    found = await find(reader, reader.org_id, reader.viewer, invitation_id)
    if found is None:
        raise NotFound
    return found


async def list_invitations(
    reader: AuthorizedReader, page: PageRequest, *, status: str | None
) -> Page[Invitation]:
    rows = await reader.rows(_LISTS[status](page, reader.org_id, reader.viewer))
    return Page.of(page, [_invitation(row) for row in rows])


async def count_open_of(reader: AuthorizedReader, inviter_id: UUID) -> int:
    """How many open invitations a person sent; they depend on what that person may grant."""
    return await reader.row(_COUNT_OPEN_OF(reader.org_id, inviter_id)) or 0


async def list_mine(reader: AuthorizedReader, page: PageRequest) -> Page[MyInvitation]:
    """The open invitations to one's own address, of all organizations. AccountUnverified."""
    claims = reader.claims
    rows = await reader.rows(_MINE(page, claims.session_id, claims.user_id))
    if reader.actor is not None:
        reader.actor.ensure_verified()
    mine = [MyInvitation(_invitation(row), row.organization_name) for row in rows]
    return Page.of(page, mine)


def _invitation(row: _Row) -> Invitation:
    return Invitation(
        row.id,
        row.org_id,
        row.email,
        role=row.role,
        status=row.status,
        invited_by=row.inviter,
        expires_at=row.expires_at,
        delivery=row.delivery,
        created_at=row.created_at,
        updated_at=row.updated_at,
        workspaces=[
            WorkspaceGrant(UUID(workspace), RoleRef(UUID(role), key, name))
            for workspace, role, key, name in row.grants or ()
        ],
        inviter_can_grant=row.inviter_can_grant,
    )
