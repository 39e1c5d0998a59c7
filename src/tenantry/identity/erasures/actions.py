"""Erasing a person: requested when their account ends, and done piece by piece afterwards.

Each piece is a transaction of bounded size, however much the person has left behind.
"""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.locks import lock_kept_organization
from tenantry.identity.erasures import store
from tenantry.identity.erasures.model import Erasure, Mention
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind, show
from tenantry.kit.page import FIRST
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import ERASED_EMAIL, ERASED_NAME, Subject
from tenantry.platform.idempotency import actions as idempotency
from tenantry.platform.idempotency.model import Erased
from tenantry.platform.mail import actions as mail
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tenantry.tenancy.invitations import retention as invitations

_RESPONSES_AT_ONCE = 10
"""How many stored responses are read for each row to erase: most do not name the person."""


def request(tx: Tx, user: User) -> None:
    """Request the erasure of a person whose account ends in this transaction.

    An unverified address may belong to someone else: what others did with it, such as inviting it,
    is not changed.
    """
    store.insert(tx, user.id, user.email if user.email_verified else None)


async def find(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
    """Who is to be erased, and the id to continue after; for housekeeping."""
    found = await store.pending(tx, after, most)
    return found, found[-1] if len(found) == most else None


async def proceed(tx: Tx, user_id: UUID, most: int) -> bool:
    """Erase one piece, about `most` rows of one kind; returns whether anything is left."""
    erasure = await store.lock(tx, user_id)
    if erasure is None:
        return False
    if (
        await sessions.erase(tx, user_id, most)
        or await idempotency.forget(tx, user_id, most)
        or await events.erase_of_account(tx, user_id, most)
    ):
        return True
    mention = await store.next_mention(tx, user_id)
    if mention is not None:
        await _erase_from_organization(tx, erasure, mention, most)
        return True
    return await _erase_from_responses(tx, erasure, most)


async def _erase_from_organization(tx: Tx, erasure: Erasure, mention: Mention, most: int) -> None:
    set_tenant(tx, mention.org_id)
    if erasure.events_after == FIRST:
        await _erase_address(tx, erasure, mention.org_id)
    reached = await events.erase(
        tx,
        mention.org_id,
        _subject(erasure, mention),
        after=erasure.events_after,
        until=erasure.requested_at,
        most=most,
    )
    if reached is None:
        store.forget_mention(tx, erasure.user_id, mention.org_id)
    store.advance(tx, replace(erasure, events_after=reached or FIRST))


async def _erase_address(tx: Tx, erasure: Erasure, org_id: UUID) -> None:
    await lock_kept_organization(tx, org_id)
    invitations.erase_messages(tx, org_id, erasure.user_id)
    if erasure.email is not None:
        until = erasure.requested_at
        await invitations.erase_address(tx, org_id, erasure.email, until=until)
        mail.erase_recipient(tx, org_id, erasure.email, until=until, instead=ERASED_EMAIL)


async def _erase_from_responses(tx: Tx, erasure: Erasure, most: int) -> bool:
    person = Erased(show(Kind.USER, erasure.user_id), erasure.email, ERASED_NAME, ERASED_EMAIL)
    reached = await idempotency.erase(
        tx,
        person,
        after=erasure.answers_after,
        until=erasure.requested_at,
        most=most * _RESPONSES_AT_ONCE,
    )
    if reached is None:
        store.delete(tx, erasure.user_id)
        return False
    store.advance(tx, replace(erasure, answers_after=reached))
    return True


def _subject(erasure: Erasure, mention: Mention) -> Subject:
    memberships = (show(Kind.MEMBERSHIP, each) for each in mention.subject_ids)
    shown = frozenset([show(Kind.USER, erasure.user_id), *memberships])
    return Subject(erasure.user_id, shown, erasure.email)
