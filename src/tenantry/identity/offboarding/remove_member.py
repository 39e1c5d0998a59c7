"""Removing a member and leaving an organization, with everything that depends on the membership."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authority import Actor, KeyActor
from tenantry.authz.locks import lock_as_member, lock_organization
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.context import OrganizationContext
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import revoke as invitations
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships import emails
from tenantry.tenancy.memberships.model import Removed


async def remove_member(ctx: OrganizationContext, membership_id: UUID) -> None:
    """End a membership with its workspace roles and API keys, and open invitations to the address.

    The person gets an email. NotFound, PersonalOrganization, CannotGrantRole, LastAdmin.
    """
    tx, authority = ctx.tx, ctx.principal
    locked = await lock_organization(tx, authority)
    keys = await api_keys.end(tx, authority.org_id, "membership", membership_id)
    removed = await memberships.remove(tx, authority, locked, membership_id)
    await _record(tx, authority.actor, removed, keys, "member.removed")
    person = removed.membership.user
    if person.id != authority.actor.id:
        branding = await mail.branding_of(tx, authority.org_id)
        ctx.outbox.notify(tx, emails.removed(branding, person))


async def leave(tx: Tx, actor: Actor, org_id: UUID) -> None:
    """End one's own membership, in the same way; it needs no permission.

    NotFound, PersonalOrganization, LastAdmin.
    """
    membership_id = await lock_as_member(tx, actor, org_id)
    keys = await api_keys.end(tx, org_id, "membership", membership_id)
    removed = await memberships.leave(tx, actor, org_id, membership_id)
    await _record(tx, actor, removed, keys, "member.left")


async def _record(
    tx: Tx, actor: Actor | KeyActor, removed: Removed, keys: Sequence[Change], action: str
) -> None:
    membership = removed.membership
    email = membership.user.email
    withdrawn = await invitations.withdraw(tx, membership.org_id, email=email)
    events.record(
        tx,
        membership.org_id,
        actor,
        action,
        targets=[membership.target()],
        changes=[*keys, *removed.changes, *withdrawn],
    )
