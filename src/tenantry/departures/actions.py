"""Removing a member, with everything that hung on the membership."""

from uuid import UUID

from tenantry.access.authority import Authority
from tenantry.access.locks import lock_organization
from tenantry.database.transaction import Tx
from tenantry.events import actions as events
from tenantry.invitations import actions as invitations
from tenantry.memberships import actions as memberships


async def remove_member(tx: Tx, authority: Authority, membership_id: UUID) -> None:
    """End a membership; the organization is unknown to that person from the commit on.

    The roles in workspaces and the open invitations to the address go with it.
    NotFound, PersonalOrganization, CannotGrantRole, LastAdmin.
    """
    granter = await lock_organization(tx, authority)
    membership = await memberships.remove(tx, authority, granter, membership_id)
    withdrawn = await invitations.withdraw_for_address(tx, authority.org_id, membership.user.email)
    events.record(
        tx,
        authority.org_id,
        authority.actor,
        "member.removed",
        targets=[membership.target()],
        changes=[membership.ended(), *withdrawn],
    )
