"""Accepting an invitation: by its token, or one to one's own address."""

from dataclasses import replace
from uuid import UUID

from tenantry.identity.users import actions as users
from tenantry.kit.limits import ensure_room
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.context import PersonContext
from tenantry.platform.rate_limits import policies
from tenantry.tenancy.invitations import lookup, rules, store
from tenantry.tenancy.invitations.model import ACCEPTED, InvitationSpent, Offered
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import (
    EMBEDDED_WORKSPACES,
    AlreadyMember,
    Membership,
    Person,
    WorkspaceGrant,
)
from tenantry.tenancy.workspaces import actions as workspaces


async def accept(ctx: PersonContext, token: Secret) -> Membership:
    """Join as the signed-in person; having the email's token proves that its address is theirs.

    NotFound, InvitationSpent, InvitationResent, InvitationForAnotherEmail, InviterCannotGrant,
    AlreadyMember, LimitReached. The same person again gets the same membership. The caller
    holds the person.
    """
    tx, actor = ctx.tx, ctx.principal
    offered = await lookup.lock_by_token(tx, token)
    rules.ensure_addressed_to(offered, actor.email)
    membership = await _join_or_stay(ctx, offered)
    if not actor.email_verified:
        await users.verify_email(tx, actor.id)
    return membership


async def accept_mine(ctx: PersonContext, invitation_id: UUID) -> Membership:
    """Join by an invitation to one's own address, without its email. AccountUnverified; as above.

    The caller holds the person.
    """
    return await _join_or_stay(ctx, await lookup.lock_mine(ctx.tx, ctx.principal, invitation_id))


async def _join_or_stay(ctx: PersonContext, offered: Offered) -> Membership:
    if not rules.rejoins(offered, ctx.principal.id):
        return await join(ctx, offered)
    membership = await memberships.find_of_user(ctx.tx, offered.org_id, ctx.principal.id)
    if membership is None:
        raise NotFound
    return membership


async def join(ctx: PersonContext, offered: Offered) -> Membership:
    """Join by an invitation that is read under the organization's lock; as `accept`."""
    tx, actor, limits = ctx.tx, ctx.principal, ctx.limits
    workspace_roles = await lookup.offered_workspaces(tx, offered, viewer=offered.inviter.id)
    rules.ensure_acceptable(offered, workspace_roles.values(), tx.now)
    if await memberships.find_of_user(tx, offered.org_id, actor.id):
        raise AlreadyMember
    taken = await store.seats_taken(tx, offered.org_id, at_most=limits.members)
    ensure_room("members", limits.members, taken)
    membership = await memberships.join(tx, offered.org_id, Person.of(actor), offered.role)
    if not await store.consume(tx, offered, membership.id):
        raise InvitationSpent(ACCEPTED)
    changes = [
        workspaces.join(tx, offered.org_id, workspace_id, membership.id, offer.role)
        for workspace_id, offer in workspace_roles.items()
    ]
    events.record(
        tx,
        offered.org_id,
        actor,
        "invitation.accepted",
        targets=[offered.target(), membership.target()],
        changes=[offered.becomes(ACCEPTED), membership.made(), *changes],
    )
    ctx.rate_limiter.note(tx, policies.joined(offered.org_id))
    grants = [WorkspaceGrant(each, offer.role.ref) for each, offer in workspace_roles.items()]
    return replace(
        membership, workspaces=grants[:EMBEDDED_WORKSPACES], workspaces_count=len(grants)
    )
