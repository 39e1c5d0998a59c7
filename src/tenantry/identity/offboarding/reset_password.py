"""A new password by the link in an email, which takes the account back if it was a stranger's."""

from uuid import UUID

from tenantry.authz.authority import Actor
from tenantry.authz.locks import lock_kept_organization
from tenantry.credentials.api_keys import endings as api_keys
from tenantry.credentials.service_accounts import actions as service_accounts
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.reset_password import PasswordOwner, count_reset, set_by_token
from tenantry.identity.accounts.sign_up import hash_new_password
from tenantry.identity.federation import actions as identities
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Target
from tenantry.platform.idempotency import actions as idempotency
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import revoke as invitations
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.organizations import actions as organizations

# The person who resets a password is not signed in.
_NO_SESSION = UUID(int=0)
_RESPONSES_AT_ONCE = 1_000


async def reset_password(ctx: AccountContext, token: Secret, *, password: str) -> PasswordOwner:
    """Set a new password by the link's token, and end every session.

    Where the link is the first proof of the address, someone else may have signed up with it
    before. What they could still use ends too, everywhere: linked identities, API keys whose secret
    they know, other members of the personal organization, their open invitations, stored answers.

    RateLimited, NotFound, TokenSpent, WeakPassword, Overloaded.
    """
    owner = await count_reset(ctx, token)
    password_hash = await hash_new_password(ctx, password, owner.user.email, owner.user.name)
    await ctx.run(lambda tx: _reset(tx, ctx, token, password_hash))
    return owner


async def _reset(tx: Tx, ctx: AccountContext, token: Secret, password_hash: str) -> None:
    done = await set_by_token(tx, token, password_hash)
    limiter = ctx.rate_limiter
    limiter.note(tx, policies.known(limiter.network, done.user.email))
    if done.is_first_proof:
        await identities.end_all(tx, done.user.id)
        await _secure_memberships(tx, done.user)
        while await idempotency.forget(tx, done.user.id, _RESPONSES_AT_ONCE):
            continue


async def _secure_memberships(tx: Tx, user: User) -> None:
    personal_id = await organizations.personal_of(tx, user.id)
    for org_id in await memberships.org_ids_of(tx, user.id):
        set_tenant(tx, org_id)
        await lock_kept_organization(tx, org_id)
        if org_id == personal_id:
            await _secure_personal_organization(tx, user, org_id)
        else:
            await _secure_membership(tx, user, org_id)


async def _secure_membership(tx: Tx, user: User, org_id: UUID) -> None:
    # What gives access to somebody who knows a secret or has an email ends. Other members stay, and
    # service accounts without those keys: others may rely on them, and the Admins there see them.
    keys = await api_keys.end(tx, org_id, "known_to", user.id)
    withdrawn = await invitations.withdraw(tx, org_id, inviter_id=user.id)
    if changes := [*keys, *withdrawn]:
        person = Target(Kind.USER, user.id, user.name)
        action = "member.reclaimed"
        events.record(tx, org_id, _actor(user), action, targets=[person], changes=changes)


async def _secure_personal_organization(tx: Tx, user: User, org_id: UUID) -> None:
    keys = await api_keys.end(tx, org_id, "organization", org_id)
    accounts = await service_accounts.bound_to(tx, org_id, None)
    ended = service_accounts.end_all(tx, org_id, accounts)
    removed = await memberships.remove_all_but(tx, org_id, user_id=user.id)
    withdrawn = await invitations.withdraw(tx, org_id)
    ended_memberships = [change for each in removed for change in each.changes]
    changes = [*keys, *ended, *ended_memberships, *withdrawn]
    targets = [each.membership.target() for each in removed]
    if changes:
        action = "organization.reclaimed"
        events.record(tx, org_id, _actor(user), action, targets=targets, changes=changes)


def _actor(user: User) -> Actor:
    return Actor(user.id, _NO_SESSION, user.name, user.email, email_verified=True)
