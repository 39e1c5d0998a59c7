"""Enqueuing letters with the act that causes them, and delivering them afterwards."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

import orjson

from tenantry.database.pool import Database
from tenantry.database.transaction import Tx
from tenantry.kit.ids import new_id
from tenantry.kit.secrets import Sealer
from tenantry.mail import store
from tenantry.mail.carriers import Carrier
from tenantry.mail.layout import Templates
from tenantry.mail.model import (
    KEPT,
    LEASE,
    Claimed,
    Composed,
    Envelope,
    Letter,
    Letterhead,
    Links,
    NotCarried,
    Notice,
    Undeliverable,
    Waiting,
    next_attempt,
)

log = logging.getLogger("tenantry.mail")

_PURPOSE = b"letter"
_BATCH = 50


class Outbox:
    """Where acts leave their letters. `wake` is called once a letter is there to be sent."""

    def __init__(
        self,
        sealer: Sealer,
        links: Links,
        templates: Templates,
        wake: Callable[[], None],
        *,
        wanted: Sequence[str] = (),
    ) -> None:
        self.links = links
        self.templates = templates
        self._sealer = sealer
        self._wake = wake
        self._wanted = wanted

    def speaking(self, wanted: Sequence[str]) -> "Outbox":
        """The same for an act of somebody who reads these languages, the dearest first.

        They decide where no organization chose a language for its letters.
        """
        return Outbox(self._sealer, self.links, self.templates, self._wake, wanted=wanted)

    def enqueue(self, tx: Tx, letter: Letter) -> UUID:
        """Put a letter into the outbox; it exists if and only if the transaction commits.

        Until it is sent it lies there sealed, for its link carries a token.
        """
        envelope = Envelope(letter.head.org_id if letter.head else None, new_id())
        tx.later(store.insert(envelope, letter.recipient, self._sealed(letter), tx.now))
        tx.after_commit(self._wake)
        return envelope.id

    def notify(self, tx: Tx, notice: Notice) -> None:
        """Put a notice into the outbox for each who shall read it: laid out once, in one statement.

        Not for whom the organization has written to NOTICES_A_DAY times within a day. The caller
        acts as its tenant, and holds its lock.
        """
        ids = [new_id() for _ in notice.recipients]
        tx.later(store.insert_all(notice, ids, self._sealed(notice), tx.now))
        tx.after_commit(self._wake)

    def _sealed(self, letter: Letter | Notice) -> bytes:
        printed = self.templates.lay_out(letter, self._wanted)
        return self._sealer.seal(orjson.dumps(printed), purpose=_PURPOSE)


async def letterhead(tx: Tx, org_id: UUID) -> Letterhead:
    """In whose name a letter of the organization is written; the caller acts as its tenant."""
    return await store.letterhead(tx, org_id)


def forget(tx: Tx, address: str) -> None:
    """Leave no letter about an account that goes, sent or not: each has the address on it."""
    store.forget(tx, address)


class Delivery:
    """Sends what is due: each letter at least once, or it is visibly `failed`."""

    def __init__(self, database: Database, sealer: Sealer, carrier: Carrier) -> None:
        self._database = database
        self._sealer = sealer
        self._carrier = carrier

    async def deliver_due(self) -> int:
        """Try every letter whose time has come, one after another; how many were tried."""
        async with self._database.transaction() as (tx, _):
            envelopes = await store.due(tx, _BATCH)
        for envelope in envelopes:
            await self._deliver(envelope)
            _must_go_on()
        return len(envelopes)

    async def _deliver(self, envelope: Envelope) -> None:
        # The try is noted before the letter is carried, with no transaction open meanwhile: should
        # this process die in between, the lease runs out and another tries again.
        async with self._database.transaction() as (tx, _):
            claimed = await store.claim(tx, envelope, tx.now + LEASE)
        if claimed is None:
            return
        try:
            await self._carrier.carry(self._opened(claimed))
        except Undeliverable as refused:
            log.warning("letter %s has failed: %s", envelope.id, refused)
            await self._settle(envelope, "failed")
        except NotCarried as failed:
            log.warning("letter %s is not carried yet: %s", envelope.id, failed)
            await self._retry(claimed)
        except Exception:
            # A letter that nothing is prepared for neither holds up the others nor waits for ever.
            log.exception("letter %s cannot be carried", envelope.id)
            await self._retry(claimed)
        else:
            await self._settle(envelope, "sent")

    def _opened(self, claimed: Claimed) -> Composed:
        try:
            content = orjson.loads(self._sealer.open(claimed.sealed, purpose=_PURPOSE))
        except ValueError as unreadable:  # the secret key was changed meanwhile
            raise Undeliverable from unreadable
        return Composed(claimed.envelope.id, claimed.recipient, **content)

    async def _settle(self, envelope: Envelope, state: str) -> None:
        async with self._database.transaction() as (tx, _):
            store.settle(tx, envelope, state)

    async def _retry(self, claimed: Claimed) -> None:
        async with self._database.transaction() as (tx, _):
            again = next_attempt(claimed.attempts, tx.now)
            if again is None:
                store.settle(tx, claimed.envelope, "failed")
            else:
                store.postpone(tx, claimed.envelope, again)


async def sweep(tx: Tx, limit: int) -> int:
    """Forget at most `limit` letters of each outbox that were settled long ago; the most of one."""
    before = tx.now - KEPT
    erased = await store.erase_of_accounts(tx, before, limit)
    found = await store.settled(tx, before, limit)
    # In one order, so that two who sweep at once wait for each other and not in a circle.
    for org_id, letter_id in sorted((each.org_id, each.id) for each in found if each.org_id):
        store.erase(tx, org_id, letter_id)
    return max(erased, len(found))


async def count_waiting(database: Database) -> Waiting:
    """How the outbox is at this moment."""
    (answer,) = await database.exchange([store.count()])
    return store.waiting(answer)


def _must_go_on() -> None:
    """Raise the cancellation that somebody lost on the way.

    The SMTP client waits by `wait_for`, which before Python 3.12 loses one that comes together with
    what it waits for: the service would never stop.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
