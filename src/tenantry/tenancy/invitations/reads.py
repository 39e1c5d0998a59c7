"""The SQL of looking at invitations: those of an organization, and those to oneself."""

from typing import Any
from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.claims import Claims
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.kit.page import PageRequest
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

# The roles in workspaces are shown as far as the caller ($2) sees the workspace: a private one's
# very id is nobody else's business. A pending one past its time counts as expired at once.
_INVITATIONS = f"""
    select i.id, i.org_id, i.email, r.id, r.key, r.name,
           case when i.status = 'pending' and i.expires_at <= now() then 'expired'
                else i.status end,
           i.invited_by, coalesce(u.name, ''), i.expires_at, l.state, i.created_at, i.updated_at,
           (select jsonb_agg(jsonb_build_array(w.id, t.id, t.key, t.name) order by w.id)
              from invitation_workspaces iw
              join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id
              join roles t on t.org_id = iw.org_id and t.id = iw.role_id
             where iw.org_id = i.org_id and iw.invitation_id = i.id
               and {VISIBLE}),
           i.status <> 'pending' or i.expires_at <= now()
             or directory.inviter_can_grant(i.org_id, i.id)
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
_GET = ViewerStatement(f"{_INVITATIONS} and i.id = $3")
_LISTS = {
    (status, ascending): ViewerStatement(
        f"{_INVITATIONS} {of_status} and i.id > $3 and i.id < $4"
        f" order by i.id {'' if ascending else 'desc'} limit $5"
    )
    for status, of_status in _OF_STATUS.items()
    for ascending in (True, False)
}
_MY_COLUMNS = """
    i.id, i.org_id, i.email, i.role_id, i.role_key, i.role_name, i.status, i.invited_by,
    i.inviter_name, i.expires_at, i.delivery, i.created_at, i.updated_at, i.workspaces,
    directory.inviter_can_grant(i.org_id, i.id), i.organization_name
"""
_MINE = Statement(f"select {_MY_COLUMNS} from directory.my_invitations($1, $2, $3, $4, $5) i")
_MINE_DESCENDING = Statement(
    f"select {_MY_COLUMNS} from directory.my_invitations_descending($1, $2, $3, $4, $5) i"
)
# Found by the index of status, of which few are open.
_COUNT_OPEN_OF = Statement("""
    select count(*) from invitations
     where org_id = $1 and status = 'pending' and expires_at > now() and invited_by = $2
""")


async def find(
    reader: Reader, org_id: UUID, seen_by: Viewer, invitation_id: UUID
) -> Invitation | None:
    """The invitation, as somebody sees it."""
    row = await reader.row(_GET(org_id, seen_by, invitation_id))
    return _invitation(row) if row else None


async def list_of_organization(
    reader: Reader, org_id: UUID, seen_by: Viewer, page: PageRequest, *, status: str | None
) -> list[Invitation]:
    """The invitations of an organization, as somebody sees them; of one status if wanted."""
    statement = _LISTS[status, page.ascending_scan]
    call = statement(org_id, seen_by, page.low, page.high, page.fetch)
    return [_invitation(row) for row in await reader.rows(call)]


async def list_to(reader: Reader, claims: Claims, page: PageRequest) -> list[MyInvitation]:
    """What is open for the proven address of a person; nothing while it is not proven."""
    statement = _MINE if page.ascending_scan else _MINE_DESCENDING
    call = statement(claims.session_id, claims.user_id, page.low, page.high, page.fetch)
    return [MyInvitation(_invitation(row), row[15]) for row in await reader.rows(call)]


async def count_open_of(reader: Reader, org_id: UUID, inviter_id: UUID) -> int:
    """How many invitations that somebody sent are open."""
    row = await reader.row(_COUNT_OPEN_OF(org_id, inviter_id))
    return row[0] if row else 0


def _invitation(row: tuple[Any, ...]) -> Invitation:
    return Invitation(
        *row[:3],
        role=RoleRef(*row[3:6]),
        status=row[6],
        invited_by=Inviter(*row[7:9]),
        expires_at=row[9],
        delivery=row[10],
        created_at=row[11],
        updated_at=row[12],
        workspaces=[
            WorkspaceGrant(UUID(workspace), RoleRef(UUID(role), key, name))
            for workspace, role, key, name in row[13] or ()
        ],
        inviter_can_grant=row[14],
    )
