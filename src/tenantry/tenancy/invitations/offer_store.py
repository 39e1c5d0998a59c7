"""The SQL of finding an invitation and what it offers."""

from uuid import UUID

from tenantry.authz.authority import RoleRef, Viewer
from tenantry.authz.roles.model import Role
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations.model import (
    Destination,
    Inviter,
    Offered,
    OfferedWorkspace,
    TokenOf,
)

_FIND_TOKEN = Statement(
    """
    select org_id, invitation_id, replaced_at is not null as replaced
      from invitation_tokens where digest = $1
""",
    TokenOf,
)
_ORGANIZATION_OF = Statement("select directory.organization_of_invitation($1, $2)", UUID)
_OFFERED = Statement("""
    select i.id, i.org_id, o.name, i.email, i.status, i.expires_at, r.id, r.key, r.name,
           directory.permissions_of(r.key, r.permissions), i.invited_by, coalesce(u.name, ''),
           directory.permissions_of(m.role_key, m.held), j.id, j.user_id, i.message
      from invitations i
      join organizations o on o.org_id = i.org_id
       and o.deleted_at is null and o.disabled_at is null
      join roles r on r.org_id = i.org_id and r.id = i.role_id
      left join users u on u.id = i.invited_by
      left join directory.active_memberships() m
        on m.org_id = i.org_id and m.user_id = i.invited_by and u.disabled_at is null
      left join memberships j on j.org_id = i.org_id and j.id = i.membership_id
     where i.org_id = $1 and i.id = $2
""")
# The workspaces that are still there; one that has gone, or is archived by now, is passed over.
# Each with whether a person ($3) sees it.
_OFFERED_PLACES = ViewerStatement(f"""
    select w.id,
           viewer.org_id is not null and {VISIBLE},
           r.id, r.org_id, r.key, r.name, r.description,
           directory.permissions_of(r.key, r.permissions), r.is_default, r.created_at, r.updated_at
      from invitation_workspaces iw
      join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id and w.archived_at is null
      join roles r on r.org_id = iw.org_id and r.id = iw.role_id
      {JOIN_VIEWER}
     where iw.org_id = $1 and iw.invitation_id = $3 order by w.id
""")
_DESTINATIONS = Statement(
    """
    select w.name as workspace, r.name as role
      from invitation_workspaces iw
      join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id and w.archived_at is null
      join roles r on r.org_id = iw.org_id and r.id = iw.role_id
     where iw.org_id = $1 and iw.invitation_id = $2 order by w.id
""",
    Destination,
)


async def find_by_token(reader: Reader, digest: bytes) -> TokenOf | None:
    """Which organization's which invitation a token belongs to."""
    return await reader.row(_FIND_TOKEN(digest))


async def organization_of(reader: Reader, user_id: UUID, invitation_id: UUID) -> UUID | None:
    """Which organization an invitation is of, where it went to this person's proven address."""
    return await reader.row(_ORGANIZATION_OF(user_id, invitation_id))


async def offered(tx: Tx, org_id: UUID, invitation_id: UUID) -> Offered | None:
    """The invitation with what decides about its acceptance."""
    row = await tx.row(_OFFERED(org_id, invitation_id))
    if row is None:
        return None
    return Offered(
        *row[:6],
        role=RoleRef(*row[6:9]),
        role_permissions=frozenset(row[9]),
        inviter=Inviter(*row[10:12]),
        inviter_permissions=None if row[12] is None else frozenset(row[12]),
        joined_as=row[13],
        joined_user_id=row[14],
        message=row[15],
    )


async def offered_places(
    tx: Tx, org_id: UUID, invitation_id: UUID, *, seen_by: Viewer
) -> dict[UUID, OfferedWorkspace]:
    """The roles that it gives in workspaces, and whether somebody sees those."""
    rows = await tx.rows(_OFFERED_PLACES(org_id, seen_by, invitation_id))
    return {row[0]: OfferedWorkspace(Role(*row[2:]), is_seen=row[1]) for row in rows}


async def destinations(tx: Tx, org_id: UUID, invitation_id: UUID) -> list[Destination]:
    """The same by name, for the person who answers."""
    return await tx.rows(_DESTINATIONS(org_id, invitation_id))
