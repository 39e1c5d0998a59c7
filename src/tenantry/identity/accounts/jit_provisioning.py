"""Just-in-time provisioning: the first call with an issuer's token opens the account."""

from uuid import UUID

from tenantry.authz.authority import Actor
from tenantry.authz.claims import Claims
from tenantry.credentials.tokens.access_tokens import InvalidToken
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.identity.accounts import rules
from tenantry.identity.accounts.model import AccountExists
from tenantry.identity.federation import actions as identities
from tenantry.identity.sessions.model import Client
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import EmailTaken, User
from tenantry.kit.refusals import NotFound
from tenantry.platform.audit import actions as events
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import clear_tenant
from tenantry.tenancy.memberships.model import Person
from tenantry.tenancy.organizations import actions as organizations


async def provision(tx: Tx, subject: ExternalIdentity, client: Client) -> Claims:
    """The subject's person and live session; the account is opened if there is none.

    Of several first calls at once, one opens it. InvalidToken if the token was issued before its
    session, account or link ended; EmailRequired, AccountExists, AccountUnverified.
    """
    user_id = await identities.find_person(tx, subject)
    if user_id is None:
        rules.email_of(subject)
        user_id = await identities.hold(tx, subject)
    if user_id is None:
        claims = await _open_account(tx, subject, client)
        clear_tenant(tx)
        return claims
    return await _resume_session(tx, subject, user_id, client)


async def _resume_session(
    tx: Tx, subject: ExternalIdentity, user_id: UUID, client: Client
) -> Claims:
    session_id = await identities.find_session(tx, subject)
    if session_id is None:
        await _lock_enabled(tx, user_id)
        session_id = await identities.renew_session(tx, subject, user_id, client)
    return Claims(user_id, session_id)


async def _lock_enabled(tx: Tx, user_id: UUID) -> None:
    try:
        user = await users.lock(tx, user_id)
    except NotFound as deleted:
        raise InvalidToken from deleted
    if user.disabled_at is not None:
        raise InvalidToken


async def _open_account(tx: Tx, subject: ExternalIdentity, client: Client) -> Claims:
    email = rules.email_of(subject)
    try:
        user = await users.create(
            tx,
            email=email,
            name=subject.name,
            password_hash=None,
            email_verified=subject.email_is_proven,
        )
    except EmailTaken:
        user = await _lock_by_email(tx, email)
        rules.ensure_linkable(user, subject)
        return Claims(user.id, identities.link(tx, subject, user.id, client))
    events.record_of_account(tx, user.id, "user.created", [user.made()])
    session_id = identities.link(tx, subject, user.id, client)
    actor = Actor(user.id, session_id, user.name, user.email, user.email_verified)
    await organizations.create_personal(tx, actor, Person.of(user))
    return Claims(user.id, session_id)


async def _lock_by_email(tx: Tx, email: str) -> User:
    found = await users.find_by_email(tx, email)
    if found is None:
        raise AccountExists  # deleted a moment ago
    return await users.lock(tx, found.id)
