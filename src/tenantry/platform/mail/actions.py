"""Enqueuing emails in the transaction of their cause, and deleting them after delivery."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound
from tenantry.kit.retention import due
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail import store
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import (
    RETENTION,
    Branding,
    Email,
    Envelope,
    Links,
    Notification,
    SealedContent,
    Waiting,
)
from tenantry.postgres.database import Database
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant

select_branding = store.select_branding
PURPOSE = b"email"
"""The purpose that an email's encryption is bound to."""


class Outbox:
    """The queue of emails. `wake` is called after a commit that enqueued one."""

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
        """The same outbox for a person who reads these languages, in order of preference.

        They apply if the organization has not chosen a language for its emails.
        """
        return Outbox(self._sealer, self.links, self.templates, self._wake, wanted=wanted)

    def enqueue(self, tx: Tx, email: Email) -> UUID:
        """Enqueue an email, which is sent only if the transaction commits; returns its id.

        It is encrypted until it is sent, because its link carries a token.
        """
        envelope = Envelope(email.head.org_id if email.head else None, new_id())
        tx.enqueue(store.insert(envelope, email.recipient, self._sealed(email), tx.now))
        tx.after_commit(self._wake)
        return envelope.id

    def notify(self, tx: Tx, notification: Notification) -> None:
        """Enqueue a notification for each recipient; it is rendered once and sent in one statement.

        Recipients who got NOTIFICATIONS_PER_DAY emails from the organization within a day are left
        out. The caller has set the tenant and holds the organization's lock.
        """
        ids = [new_id() for _ in notification.recipients]
        tx.enqueue(store.insert_all(notification, ids, self._sealed(notification), tx.now))
        tx.after_commit(self._wake)

    def _sealed(self, email: Email | Notification) -> SealedContent:
        printed = self.templates.render(email, self._wanted)
        sealed = self._sealer.seal(orjson.dumps(printed), purpose=PURPOSE)
        return SealedContent(sealed, self._sealer.key_id)


async def branding_of(tx: Tx, org_id: UUID) -> Branding:
    """The branding of an organization's emails. The caller has set the tenant. NotFound."""
    branding = await tx.row(store.select_branding(org_id))
    if branding is None:
        raise NotFound
    return branding


def delete_for_account(tx: Tx, address: str) -> None:
    """Delete all emails about an account, sent or not, because each contains its address."""
    store.delete_for_account(tx, address)


def erase_recipient(tx: Tx, org_id: UUID, address: str, *, until: datetime, instead: str) -> None:
    """Erase an address from the emails that an organization sent to it until a time.

    Queued ones are not sent. The caller has set the tenant.
    """
    store.erase_recipient(tx, org_id, address, until, instead)


async def sweep_accounts(tx: Tx, most: int) -> int:
    """Delete at most `most` emails about accounts that were settled long ago; returns how many."""
    return await store.delete_settled_of_accounts(tx, tx.now - RETENTION, most)


async def find_settled(tx: Tx, after: UUID, most: int) -> tuple[list[UUID], UUID | None]:
    """Those of the next so many organizations with such emails, and where to continue."""
    return due(await store.list_with_settled(tx, after, most, tx.now - RETENTION), most)


async def delete_settled(tx: Tx, org_id: UUID, most: int) -> bool:
    """Delete at most `most` without an invitation; returns whether more may be left."""
    set_tenant(tx, org_id)
    return await store.delete_settled(tx, org_id, tx.now - RETENTION, most) == most


async def count_waiting(database: Database) -> Waiting:
    """The numbers of queued and failed emails, and the age of the oldest queued one."""
    (result,) = await database.execute([store.count()])
    return result.rows[0]
