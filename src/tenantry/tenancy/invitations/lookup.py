"""Finding and locking an invitation: by its token, to one's own address, or as its sender."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, LockedAuthority, Viewer
from tenantry.authz.locks import lock_organization, lock_organization_row
from tenantry.authz.roles.model import Role
from tenantry.authz.visibility import JOIN_VIEWER, VISIBLE, ViewerStatement
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import queries
from tenantry.tenancy.invitations.model import (
    Destination,
    Invitation,
    InvitationResent,
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


# Without workspaces that were deleted or archived. `is_visible`: to the viewer ($2).
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


async def offered_workspaces(
    tx: Tx, offered: Offered, *, viewer: Viewer
) -> dict[UUID, OfferedWorkspace]:
    """The existing workspaces that an invitation offers, by id."""
    rows = await tx.rows(_OFFERED_WORKSPACES(offered.org_id, viewer, offered.id))
    return {row.workspace_id: OfferedWorkspace(row.role, is_visible=row.is_visible) for row in rows}


async def destinations(tx: Tx, offered: Offered) -> list[Destination]:
    """The same by name, for the invited person."""
    return await tx.rows(_DESTINATIONS(offered.org_id, offered.id))


@dataclass(frozen=True, slots=True)
class SentInvitation:
    """An invitation under the organization's lock, for a member who revokes or resends it."""

    locked: LockedAuthority
    invitation: Invitation
    """As the caller sees it."""
    offered: Offered
    workspaces: list[OfferedWorkspace]


async def lock_sent(tx: Tx, authority: Authority, invitation_id: UUID) -> SentInvitation:
    """An invitation of the caller's organization, under the organization's lock. NotFound."""
    locked = await lock_organization(tx, authority)
    invitation = await queries.find(tx, authority.org_id, authority.viewer, invitation_id)
    if invitation is None:
        raise NotFound
    offered = await _get(tx, authority.org_id, invitation_id)
    workspaces = await offered_workspaces(tx, offered, viewer=authority.viewer)
    return SentInvitation(locked, invitation, offered, [*workspaces.values()])


async def by_token(tx: Tx, token: Secret) -> Offered:
    """The invitation that a token belongs to. NotFound; InvitationResent."""
    found = await _find_token(tx, token)
    offered = await _get(tx, found.org_id, found.invitation_id)
    if found.replaced:
        raise InvitationResent
    return offered


async def lock_by_token(tx: Tx, token: Secret) -> Offered:
    """The same, read under the organization's lock: it may have been sent again meanwhile."""
    await _lock(tx, (await _find_token(tx, token)).org_id)
    return await by_token(tx, token)


async def lock_mine(tx: Tx, actor: Actor, invitation_id: UUID) -> Offered:
    """One that went to the actor's own address, read under the organization's lock.

    AccountUnverified while that address is not proven; NotFound for any other address.
    """
    actor.ensure_verified()
    org_id = await tx.row(_ORGANIZATION_OF(actor.id, invitation_id))
    if org_id is None:
        raise NotFound
    await _lock(tx, org_id)
    return await _get(tx, org_id, invitation_id)


async def _find_token(tx: Tx, token: Secret) -> TokenOf:
    found = await tx.row(_FIND_TOKEN(token.digest))
    if found is None:
        raise NotFound
    return found


async def _lock(tx: Tx, org_id: UUID) -> None:
    tx.join(org_id)
    set_tenant(tx, org_id)
    await lock_organization_row(tx, org_id)


async def _get(tx: Tx, org_id: UUID, invitation_id: UUID) -> Offered:
    set_tenant(tx, org_id)
    offered = await tx.row(_OFFERED(org_id, invitation_id))
    if offered is None:
        raise NotFound
    return offered
