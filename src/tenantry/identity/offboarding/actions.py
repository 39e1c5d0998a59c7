"""Removing a member, leaving, and reclaiming an address, with everything that depends on them."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.authz.authority import Actor, Authority, KeyActor
from tenantry.authz.locks import lock_as_member, lock_kept_organization, lock_organization
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.identity.accounts import recovery
from tenantry.identity.federation import actions as identities
from tenantry.identity.offboarding import emails
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change, Target
from tenantry.platform.idempotency import actions as idempotency
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.invitations import actions as invitations
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Removed
from tenantry.tenancy.organizations import actions as organizations

# Who resets a password is not signed in while they do.
_NO_SESSION = UUID(int=0)
_ANSWERS_AT_ONCE = 1_000


async def remove_member(tx: Tx, authority: Authority, outbox: Outbox, membership_id: UUID) -> None:
    """End a membership; the organization is unknown to that person from the commit on.

    The roles in workspaces and the open invitations to the address go with it. A letter tells them.
    NotFound, PersonalOrganization, CannotGrantRole, LastAdmin.
    """
    locked = await lock_organization(tx, authority)
    keys = await api_keys.end_of_membership(tx, authority.org_id, membership_id)
    removed = await memberships.remove(tx, authority, locked, membership_id)
    await _bid_farewell(tx, authority.actor, removed, keys, "member.removed")
    person = removed.membership.user
    if person.id != authority.actor.id:
        outbox.notify(tx, emails.removed(await mail.branding_of(tx, authority.org_id), person))


async def leave(tx: Tx, actor: Actor, org_id: UUID) -> None:
    """End one's own membership, for which it is enough to have it; the same goes with it.

    NotFound, PersonalOrganization, LastAdmin.
    """
    membership_id = await lock_as_member(tx, actor, org_id)
    keys = await api_keys.end_of_membership(tx, org_id, membership_id)
    removed = await memberships.leave(tx, actor, org_id, membership_id)
    await _bid_farewell(tx, actor, removed, keys, "member.left")


async def _bid_farewell(
    tx: Tx, actor: Actor | KeyActor, removed: Removed, keys: Sequence[Change], action: str
) -> None:
    gone = removed.membership
    withdrawn = await invitations.withdraw_for_address(tx, gone.org_id, gone.user.email)
    events.record(
        tx,
        gone.org_id,
        actor,
        action,
        targets=[gone.target()],
        changes=[*keys, *removed.changes, *withdrawn],
    )


async def reset_password(
    tx: Tx, rate_limiter: RateLimiter, token: Secret, password_hash: str
) -> None:
    """Set a new password by the letter's token, and end every session. NotFound; TokenSpent.

    Who has the letter is known in their network from then on, whatever others try elsewhere.

    Where the letter is the first proof of the address, somebody else may have signed up with it
    before: the identities that they linked, the keys whose secret they know, whom they let into the
    personal organization, what they offered that is open, and the answers that are kept for calls
    of theirs, go too, wherever that is.
    """
    recovered = await recovery.reset_password(tx, token, password_hash)
    rate_limiter.note(tx, policies.known(rate_limiter.network, recovered.user.email))
    if recovered.first_proof:
        await identities.end_all(tx, recovered.user.id)
        await _reclaim(tx, recovered.user)
        while await idempotency.forget(tx, recovered.user.id, _ANSWERS_AT_ONCE):
            continue


async def _reclaim(tx: Tx, user: User) -> None:
    personal_id = await organizations.personal_of(tx, user.id)
    for org_id in await memberships.belonging_of(tx, user.id):
        tx.set_tenant(org_id)
        await lock_kept_organization(tx, org_id)
        if org_id == personal_id:
            await _reclaim_personal(tx, user, org_id)
        else:
            await _reclaim_membership(tx, user, org_id)


async def _reclaim_membership(tx: Tx, user: User, org_id: UUID) -> None:
    # Other members stay, and service accounts without those keys: others may count on them, and
    # who is Admin there sees them. What opens a door to who knows a secret, or has a letter, ends.
    keys = await api_keys.end_known_to(tx, org_id, user.id)
    withdrawn = await invitations.withdraw_of_inviter(tx, org_id, user.id)
    if changes := [*keys, *withdrawn]:
        person = Target(Kind.USER, user.id, user.name)
        _tell_of_reclaim(tx, user, org_id, "member.reclaimed", [person], changes)


async def _reclaim_personal(tx: Tx, user: User, org_id: UUID) -> None:
    keys = await api_keys.end_all(tx, org_id)
    accounts = await service_accounts.bound_to(tx, org_id, None)
    ended = service_accounts.end_all(tx, org_id, accounts)
    removed = await memberships.remove_all_but(tx, org_id, user_id=user.id)
    withdrawn = await invitations.withdraw_all(tx, org_id)
    gone = [change for each in removed for change in each.changes]
    changes = [*keys, *ended, *gone, *withdrawn]
    targets = [each.membership.target() for each in removed]
    if changes:
        _tell_of_reclaim(tx, user, org_id, "organization.reclaimed", targets, changes)


def _tell_of_reclaim(
    tx: Tx,
    user: User,
    org_id: UUID,
    action: str,
    targets: Sequence[Target],
    changes: Sequence[Change],
) -> None:
    actor = Actor(user.id, _NO_SESSION, user.name, user.email, email_verified=True)
    events.record(tx, org_id, actor, action, targets=targets, changes=changes)
