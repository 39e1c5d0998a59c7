"""The SQL of finding an invitation and what it offers."""

from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import Viewer
from tenantry.authz.roles.model import Role
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.postgres.reader import Reader
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations.model import (
    Destination,
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
_OFFERED = Statement(
    """
    select i.id, i.org_id, o.name as organization_name, i.email, i.status, i.expires_at,
           r.id as role_id, r.key as role_key, r.name as role_name,
           directory.permissions_of(r.key, r.permissions) as role_permissions,
           i.invited_by as inviter_id, coalesce(u.name, '') as inviter_name,
           directory.permissions_of(m.role_key, m.held) as inviter_permissions,
           j.id as joined_as, j.user_id as joined_user_id, i.message
      from invitations i
      join organizations o on o.org_id = i.org_id
       and o.deleted_at is null and o.disabled_at is null
      join roles r on r.org_id = i.org_id and r.id = i.role_id
      left join users u on u.id = i.invited_by
      left join directory.active_memberships() m
        on m.org_id = i.org_id and m.user_id = i.invited_by and u.disabled_at is null
      left join memberships j on j.org_id = i.org_id and j.id = i.membership_id
     where i.org_id = $1 and i.id = $2
""",
    Offered,
)


class _OfferedWorkspace(NamedTuple):
    workspace_id: UUID
    is_visible: bool
    role: Role


# The workspaces that are still there; one that has gone, or is archived by now, is passed over.
# Each with whether a person ($3) sees it.
_OFFERED_WORKSPACES = ViewerStatement(
    f"""
    select w.id as workspace_id,
           viewer.org_id is not null and {VISIBLE} as is_visible,
           r.id as role_id, r.org_id as role_org_id, r.key as role_key, r.name as role_name,
           r.description as role_description,
           directory.permissions_of(r.key, r.permissions) as role_permissions,
           r.is_default as role_is_default, r.created_at as role_created_at,
           r.updated_at as role_updated_at
      from invitation_workspaces iw
      join workspaces w on w.org_id = iw.org_id and w.id = iw.workspace_id and w.archived_at is null
      join roles r on r.org_id = iw.org_id and r.id = iw.role_id
      {JOIN_VIEWER}
     where iw.org_id = $1 and iw.invitation_id = $3 order by w.id
""",
    _OfferedWorkspace,
)
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
    return await tx.row(_OFFERED(org_id, invitation_id))


async def offered_places(
    tx: Tx, org_id: UUID, invitation_id: UUID, *, seen_by: Viewer
) -> dict[UUID, OfferedWorkspace]:
    """The roles that it gives in workspaces, and whether somebody sees those."""
    rows = await tx.rows(_OFFERED_WORKSPACES(org_id, seen_by, invitation_id))
    return {row.workspace_id: OfferedWorkspace(row.role, is_seen=row.is_visible) for row in rows}


async def destinations(tx: Tx, org_id: UUID, invitation_id: UUID) -> list[Destination]:
    """The same by name, for the person who answers."""
    return await tx.rows(_DESTINATIONS(org_id, invitation_id))
