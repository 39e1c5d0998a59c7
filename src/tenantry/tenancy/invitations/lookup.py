"""Finding and locking an invitation: by its token, to one's own address, or as its sender."""

from dataclasses import dataclass
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, LockedAuthority
from tenantry.authz.locks import lock_organization, lock_organization_row
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import offer_store, reads
from tenantry.tenancy.invitations.model import (
    Invitation,
    InvitationResent,
    Offered,
    OfferedWorkspace,
)


@dataclass(frozen=True, slots=True)
class SentInvitation:
    """An invitation under the organization's lock, for a member who revokes or resends it."""

    locked: LockedAuthority
    invitation: Invitation
    """As the caller sees it."""
    offered: Offered
    workspaces: list[OfferedWorkspace]


async def lock_sent(tx: Tx, authority: Authority, invitation_id: UUID) -> SentInvitation:
    """An invitation of one's organization, read under the organization's lock. NotFound."""
    locked = await lock_organization(tx, authority)
    org_id, viewer = authority.org_id, authority.viewer
    invitation = await reads.find(tx, org_id, viewer, invitation_id)
    offered = await offer_store.offered(tx, org_id, invitation_id)
    if invitation is None or offered is None:
        raise NotFound
    workspaces = await offer_store.offered_places(tx, org_id, invitation_id, seen_by=viewer)
    return SentInvitation(locked, invitation, offered, [*workspaces.values()])


async def by_token(tx: Tx, token: Secret) -> Offered:
    """The invitation that a token belongs to. NotFound; InvitationResent."""
    found = await offer_store.find_by_token(tx, token.digest)
    if found is None:
        raise NotFound
    offered = await _acting_as(tx, found.org_id, found.invitation_id)
    if found.replaced:
        raise InvitationResent
    return offered


async def lock_by_token(tx: Tx, token: Secret) -> Offered:
    """The same, read under the organization's lock: a resend may have come meanwhile."""
    found = await offer_store.find_by_token(tx, token.digest)
    if found is None:
        raise NotFound
    tx.join(found.org_id)
    set_tenant(tx, found.org_id)
    await lock_organization_row(tx, found.org_id)
    return await by_token(tx, token)


async def lock_mine(tx: Tx, actor: Actor, invitation_id: UUID) -> Offered:
    """One that went to the actor's own address, read under the organization's lock.

    AccountUnverified while that address is not proven; NotFound, whosever else it is.
    """
    actor.ensure_verified()
    org_id = await offer_store.organization_of(tx, actor.id, invitation_id)
    if org_id is None:
        raise NotFound
    tx.join(org_id)
    set_tenant(tx, org_id)
    await lock_organization_row(tx, org_id)
    return await _acting_as(tx, org_id, invitation_id)


async def _acting_as(tx: Tx, org_id: UUID, invitation_id: UUID) -> Offered:
    set_tenant(tx, org_id)
    offered = await offer_store.offered(tx, org_id, invitation_id)
    if offered is None:
        raise NotFound
    return offered
