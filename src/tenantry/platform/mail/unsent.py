"""Queued and failed emails, which operators can list and queue again."""

from uuid import UUID

from tenantry.kit.page import LAST, Page, PageRequest
from tenantry.kit.refusals import NotFound
from tenantry.platform.mail import store
from tenantry.platform.mail.model import EmailContentGone, EmailNotFailed, Envelope, UnsentEmail
from tenantry.postgres.reader import Reader
from tenantry.postgres.transaction import Tx


async def list_unsent(
    reader: Reader, page: PageRequest, *, state: str | None = None
) -> Page[UnsentEmail]:
    """Emails of all organizations and accounts that were not sent.

    Only `queued` or `failed` ones, if `state` is set. Their content is never shown.
    """
    return Page.of(page, await store.unsent(reader, page, state=state))


async def get_unsent(reader: Reader, email_id: UUID) -> UnsentEmail:
    """An unsent email. NotFound, also if it was sent."""
    next_id = UUID(int=min(email_id.int + 1, LAST.int))
    neighbours = PageRequest(limit=1, after=next_id, descending=True)
    found = await store.unsent(reader, neighbours, state=None)
    if not found or found[0].id != email_id:
        raise NotFound
    return found[0]


async def requeue(tx: Tx, email_id: UUID) -> UnsentEmail:
    """Queue a failed email again, with a new set of attempts.

    NotFound; EmailNotFailed; EmailContentGone if it failed under a release that kept no content.
    """
    email = await get_unsent(tx, email_id)
    if email.state != "failed":
        raise EmailNotFailed
    if not await store.requeue(tx, Envelope(email.org_id, email.id)):
        raise EmailContentGone
    return email
