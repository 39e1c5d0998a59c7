"""Signing up, signing in and out: the life of an account and its sessions."""

from tenantry.authz.authority import Actor, Operator
from tenantry.identity.accounts import emails, rules, store
from tenantry.identity.accounts.model import (
    KEPT,
    Account,
    AccountToken,
    BadCredentials,
    Purpose,
    SignUp,
)
from tenantry.identity.accounts.passwords import Passwords
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Client, Opened
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import Credentials, User
from tenantry.kit.ids import Kind
from tenantry.kit.refusals import NotFound
from tenantry.kit.secrets import Secret
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits import policies
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.database import Database
from tenantry.postgres.retry import repeated
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.organizations import actions as organizations


async def sign_up(tx: Tx, outbox: Outbox, sign_up: SignUp, client: Client) -> Account:
    """Make a person, their personal organization and their first session. EmailTaken.

    The address is not proven yet: a letter asks for it.
    """
    account = await open_account(tx, sign_up, client, email_verified=False)
    send_verification(tx, outbox, account.user)
    return account


async def open_account(tx: Tx, sign_up: SignUp, client: Client, *, email_verified: bool) -> Account:
    """The account itself, without a letter; for acts that know whether the address is proven."""
    user = await users.create(
        tx,
        email=sign_up.email,
        name=sign_up.name,
        password_hash=sign_up.password_hash,
        email_verified=email_verified,
    )
    session = sessions.open_session(tx, user.id, client)
    events.record_of_account(
        tx, user.id, "user.created", [Change.made(Kind.USER, user.id, user.snapshot())]
    )
    founded = await organizations.create_personal(tx, actor_of(user, session))
    return Account(user, founded.organization, founded.workspace, session)


async def sign_in(
    database: Database,
    passwords: Passwords,
    rate_limiter: RateLimiter,
    *,
    email: str | None,
    password: str,
    client: Client,
) -> Opened:
    """A new session by password. BadCredentials for every cause alike, after the same time.

    RateLimited before the password is looked at, whether or not there is such an account. It opens
    its own transactions: none may stay open for as long as a password takes to check.
    """
    address = email or ""

    async def find() -> Credentials | None:
        async with rate_limiter.opening(
            database, policies.sign_in(rate_limiter.network, address)
        ) as tx:
            return await users.find_credentials(tx, email) if email is not None else None

    credentials = await repeated(find)
    kept = credentials.password_hash if credentials else None
    if not await passwords.verify(kept, password) or credentials is None:
        raise BadCredentials
    user_id = credentials.user_id

    async def open_session(tx: Tx) -> Opened:
        # A reset may have come between: what was right then must still be the password now.
        current = await users.lock_credentials(tx, user_id)
        if current is None or current.password_hash != kept:
            raise BadCredentials
        events.record_of_account(tx, user_id, "session.created")
        rate_limiter.note(tx, policies.known(rate_limiter.network, address))
        return sessions.open_session(tx, user_id, client)

    return await database.run(open_session, about=user_id)


async def sign_out(tx: Tx, actor: Actor) -> None:
    """End the session that is signing out."""
    await sessions.end(tx, actor.id, actor.session_id)


def close_account(
    tx: Tx, user: User, *, by: Operator | None = None, reason: str | None = None
) -> None:
    """End an account: nothing leads to it any more, and its address is free.

    The person is locked, and belongs nowhere. What the past tells of them is for an erasure.
    """
    sessions.end_others(tx, user.id, keep=None)
    store.forget_tokens(tx, user.id)
    mail.forget(tx, user.email)
    users.delete(tx, user, by=by, reason=reason)


def send_verification(tx: Tx, outbox: Outbox, user: User) -> None:
    """Send a letter by which the person proves the address; earlier ones stop working."""
    store.spend_tokens(tx, user.id, Purpose.VERIFY_EMAIL)
    token = Secret.new()
    store.insert_token(tx, token.digest, user.id, Purpose.VERIFY_EMAIL, user.email)
    outbox.enqueue(tx, emails.verification(outbox.links, user, token))


async def hold_by_token(tx: Tx, token: Secret, purpose: Purpose) -> tuple[User, AccountToken]:
    """The person whose letter it is, and its token, both held. NotFound; TokenSpent.

    Who is disabled is as one who is not there.

    The person first, as everywhere: who held the token first would meet an act of the same person
    that spends all of their tokens.
    """
    known = rules.ensure_usable(await store.find_token(tx, token.digest), purpose, tx.now)
    user = await users.lock(tx, known.user_id)
    if user.disabled_at is not None:
        raise NotFound
    return user, rules.ensure_usable(await store.lock_token(tx, token.digest), purpose, tx.now)


def actor_of(user: User, session: Opened) -> Actor:
    """The person as the one who acts in what their signing up brings about."""
    return Actor(user.id, session.session_id, user.name, user.email, user.email_verified)


async def sweep(tx: Tx, limit: int) -> int:
    """Forget at most `limit` tokens of letters whose time was over long ago; how many."""
    return await store.sweep(tx, tx.now - KEPT, limit)
