"""Signing up: an account with a personal organization and a first session."""

from tenantry.authz.authority import Actor
from tenantry.identity.accounts.context import AccountContext
from tenantry.identity.accounts.model import NewAccount, SignUpClosed, SignUpPolicy
from tenantry.identity.accounts.verify_email import send_verification
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Client, Opened
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.text import name_from
from tenantry.platform.audit import actions as events
from tenantry.platform.rate_limits import policies
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships.model import Person
from tenantry.tenancy.organizations import actions as organizations


async def sign_up(
    ctx: AccountContext, *, email: str, password: str, name: str | None = None
) -> NewAccount:
    """Open an account; an email asks the person to confirm the address.

    SignUpClosed, RateLimited, WeakPassword, Overloaded, EmailTaken.
    """
    ensure_sign_up_open(ctx.sign_up)
    await ctx.rate_limiter.hit_first(ctx.database, policies.sign_up(ctx.rate_limiter.network))
    name = name or name_from(email)
    password_hash = await hash_new_password(ctx, password, email, name)

    async def act(tx: Tx) -> NewAccount:
        account = await open_account(
            tx,
            email=email,
            name=name,
            password_hash=password_hash,
            client=ctx.client,
            email_verified=False,
        )
        send_verification(tx, ctx.outbox, account.user)
        return account

    return await ctx.run(act)


def ensure_sign_up_open(policy: SignUpPolicy, *, is_invited: bool = False) -> None:
    """SignUpClosed where the policy does not allow it."""
    if policy == "closed" or (policy == "invite" and not is_invited):
        raise SignUpClosed


async def hash_new_password(ctx: AccountContext, password: str, email: str, name: str) -> str:
    """The hash of a password for a new account. WeakPassword, Overloaded."""
    return await ctx.passwords.choose(password, pointer="#/password", known=[email, name])


async def open_account(
    tx: Tx, *, email: str, name: str, password_hash: str, client: Client, email_verified: bool
) -> NewAccount:
    """The account itself, without an email. EmailTaken."""
    user = await users.create(
        tx, email=email, name=name, password_hash=password_hash, email_verified=email_verified
    )
    session = sessions.open_session(tx, user.id, client)
    events.record_of_account(tx, user.id, "user.created", [user.made()])
    created = await organizations.create_personal(tx, actor_of(user, session), Person.of(user))
    return NewAccount(user, created.organization, created.workspace, session)


def actor_of(user: User, session: Opened) -> Actor:
    """The person, acting in a session that was just opened."""
    return Actor(user.id, session.session_id, user.name, user.email, user.email_verified)
