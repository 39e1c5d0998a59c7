"""Delivering queued emails: in which order, and the outcome of each attempt."""

import logging
from collections.abc import Callable

import orjson

from tenantry.kit.ids import Kind, show
from tenantry.kit.page import FIRST, LAST, PageRequest
from tenantry.kit.secrets import Sealer
from tenantry.platform.mail import store
from tenantry.platform.mail.actions import PURPOSE
from tenantry.platform.mail.model import (
    LEASE,
    RETRIES,
    Claimed,
    DeliveryDeferred,
    DeliveryRefused,
    Envelope,
    Outcome,
    RenderedEmail,
    error_text,
    log_text,
    next_attempt,
)
from tenantry.platform.mail.transports import Transport
from tenantry.postgres.database import Database
from tenantry.postgres.transaction import Tx

log = logging.getLogger("tenantry.platform.mail")

_NAMED = 20
"""The most emails that one log line names."""


class Delivery:
    """Sends due emails: each at least once, unless it ends as `failed`.

    Emails encrypted with a secret key that this service does not have are left to others.
    """

    def __init__(self, database: Database, sealer: Sealer, transport: Transport) -> None:
        self._database = database
        self._sealer = sealer
        self._transport = transport
        self._last_served = FIRST

    async def claim_due(self, most: int, *, of_organizations: int) -> list[Claimed]:
        """Claim due emails: those about accounts first, then one of each organization.

        At most `most`, of which at most `of_organizations` are of organizations. Organizations take
        turns, however many emails each has queued.
        """
        of_accounts, following, others = await self._due(most, of_organizations)
        taken = [*of_accounts, *(following + others)[:of_organizations]][:most]
        organizations = [each.org_id for each in taken if each.org_id is not None]
        self._last_served = organizations[-1] if organizations else self._last_served
        claimed = [await self._claim(each) for each in taken]
        return [each for each in claimed if each is not None]

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Try to send an email once, and record the outcome."""
        envelope = claimed.envelope
        try:
            await self._transport.send(self._opened(claimed))
        except DeliveryRefused as refused:
            error = error_text(refused)
            log.warning("email %s has failed: %s", _shown(envelope), log_text(error))
            await self._note(envelope, lambda tx: store.settle_failed(tx, envelope, error))
            return "refused"
        except DeliveryDeferred as failed:
            error = error_text(failed)
            log.warning("email %s is not sent yet: %s", _shown(envelope), log_text(error))
            return await self._retry(claimed, error)
        except Exception as failed:
            # An email with an unexpected error neither delays the others nor stays forever.
            log.exception("email %s cannot be sent", _shown(envelope))
            return await self._retry(claimed, error_text(failed))
        await self._note(envelope, lambda tx: store.settle_sent(tx, envelope))
        return "sent"

    async def name_unreadable(self, tx: Tx, _: int) -> int:
        """Log which queued emails none of this service's secret keys can decrypt.

        Deletes nothing, although it runs with the sweeps."""
        page = PageRequest(limit=_NAMED)
        found = await store.unsent(tx, page, state="queued", unknown_to=self._sealer.key_ids)
        if found:
            log.error(
                "these emails wait and cannot be opened: %s%s. They are sealed with another"
                " TENANTRY_SECRET_KEY: let all services have the same one, and name the one before"
                " it in TENANTRY_SECRET_KEY_PREVIOUS",
                ", ".join(show(Kind.EMAIL, each.id) for each in found[:_NAMED]),
                ", and more" if len(found) > _NAMED else "",
            )
        return 0

    async def _due(self, most: int, of_organizations: int) -> list[list[Envelope]]:
        keys, last = self._sealer.key_ids, self._last_served
        answers = await self._database.execute(
            [
                store.due_of_accounts(keys, most),
                store.due(last, LAST, keys, of_organizations),
                store.due(FIRST, last, keys, of_organizations),
            ]
        )
        return [answer.rows for answer in answers]

    async def _claim(self, envelope: Envelope) -> Claimed | None:
        # The attempt is recorded before the email is sent, and no transaction stays open: if this
        # process dies in between, the lease expires and another tries again.
        # The claim never waits for a locked row: behind the organization's writes, it would delay
        # the emails that were claimed before it.
        return await self._database.run(lambda tx: store.claim(tx, envelope, tx.now + LEASE))

    def _opened(self, claimed: Claimed) -> RenderedEmail:
        try:
            content = orjson.loads(self._sealer.open(claimed.sealed, purpose=PURPOSE))
        except ValueError as unreadable:  # from an earlier release, with another key
            raise DeliveryDeferred(
                "no TENANTRY_SECRET_KEY of this service opens it"
            ) from unreadable
        return RenderedEmail(claimed.envelope.id, claimed.recipient, **content)

    async def _retry(self, claimed: Claimed, error: str) -> Outcome:
        def retry(tx: Tx) -> None:
            again = next_attempt(claimed.attempts, tx.now)
            if again is None:
                store.settle_failed(tx, claimed.envelope, error)
            else:
                store.postpone(tx, claimed.envelope, again, error)

        await self._note(claimed.envelope, retry)
        return "failed" if claimed.attempts > len(RETRIES) else "postponed"

    async def _note(self, envelope: Envelope, write: Callable[[Tx], None]) -> None:
        async def act(tx: Tx) -> None:
            write(tx)

        # Apart from the organization's writes: what is sent and cannot be noted is sent twice.
        await self._database.run(act, about=("emails", envelope.org_id))


def _shown(envelope: Envelope) -> str:
    """The id in the format of `tenantry emails list`."""
    return show(Kind.EMAIL, envelope.id)
