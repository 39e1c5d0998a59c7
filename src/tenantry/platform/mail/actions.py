"""Enqueuing emails with the act that causes them, and deleting them once they are settled."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from tenantry.kit.ids import new_id
from tenantry.kit.retention import due
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail import store
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import (
    KEPT,
    Box,
    Branding,
    Email,
    Envelope,
    Links,
    Notification,
    Waiting,
)
from tenantry.postgres.database import Database
from tenantry.postgres.transaction import Tx

PURPOSE = b"letter"
"""The purpose that an email's encryption is bound to."""


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

    def in_languages(self, wanted: Sequence[str]) -> "Outbox":
        """The same for an act of somebody who reads these languages, the dearest first.

        They decide where no organization chose a language for its letters.
        """
        return Outbox(self._sealer, self.links, self.templates, self._wake, wanted=wanted)

    def enqueue(self, tx: Tx, letter: Email) -> UUID:
        """Put a letter into the outbox; it exists if and only if the transaction commits.

        Until it is sent it lies there sealed, for its link carries a token.
        """
        envelope = Envelope(letter.head.org_id if letter.head else None, new_id())
        tx.enqueue(store.insert(envelope, letter.recipient, self._sealed(letter), tx.now))
        tx.after_commit(self._wake)
        return envelope.id

    def notify(self, tx: Tx, notification: Notification) -> None:
        """Put a notice into the outbox for each who shall read it: laid out once, in one statement.

        Not for whom the organization has written to NOTICES_A_DAY times within a day. The caller
        acts as its tenant, and holds its lock.
        """
        ids = [new_id() for _ in notification.recipients]
        tx.enqueue(store.insert_all(notification, ids, self._sealed(notification), tx.now))
        tx.after_commit(self._wake)

    def _sealed(self, letter: Email | Notification) -> Box:
        printed = self.templates.lay_out(letter, self._wanted)
        sealed = self._sealer.seal(orjson.dumps(printed), purpose=PURPOSE)
        return Box(sealed, self._sealer.key_id)


async def branding_of(tx: Tx, org_id: UUID) -> Branding:
    """In whose name a letter of the organization is written; the caller acts as its tenant."""
    return await store.letterhead(tx, org_id)


def forget(tx: Tx, address: str) -> None:
    """Leave no letter about an account that goes, sent or not: each has the address on it."""
    store.forget(tx, address)


def erase_recipient(tx: Tx, org_id: UUID, address: str, *, until: datetime, instead: str) -> None:
    """Erase an address from the emails that an organization sent to it until a time.

    One that still waits is not sent. The caller acts as the organization's tenant.
    """
    store.erase_recipient(tx, org_id, address, until, instead)


async def sweep_accounts(tx: Tx, most: int) -> int:
    """Delete at most so many emails about accounts that were settled long ago; returns how many."""
    return await store.delete_settled_of_accounts(tx, tx.now - KEPT, most)


async def find_settled(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
    """Those of the next so many organizations with such emails, and where to continue."""
    return due(await store.having_settled(tx, after, most, tx.now - KEPT), most)


async def delete_settled(tx: Tx, org_id: UUID, most: int) -> bool:
    """Delete at most so many that no invitation refers to; returns whether there may be more."""
    tx.set_tenant(org_id)
    return await store.delete_settled(tx, org_id, tx.now - KEPT, most) == most


async def count_waiting(database: Database) -> Waiting:
    """How the outbox is at this moment."""
    (answer,) = await database.execute([store.count()])
    return store.waiting(answer)
