"""What operators see of emails that were not sent, and queueing them again."""

from dataclasses import replace
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.kit.ids import Kind, show
from tenantry.kit.page import Page, PageRequest
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Change
from tenantry.platform.mail import unsent
from tenantry.platform.mail.model import UnsentEmail
from tenantry.postgres.transaction import Tx


async def list_emails(
    reader: AuthorizedReader, page: PageRequest, *, state: str | None
) -> Page[UnsentEmail]:
    """Queued and failed emails; of one state, if wanted.

    Of an organization's recipients, operators see only the domain.
    """
    found = await unsent.list_unsent(reader, page, state=state)
    return replace(found, items=[_from_outside(email) for email in found.items])


async def get_email(reader: AuthorizedReader, email_id: UUID) -> UnsentEmail:
    """One of them. NotFound, also if it was sent."""
    return _from_outside(await unsent.get_unsent(reader, email_id))


async def requeue(tx: Tx, operator: Operator, email_id: UUID) -> UnsentEmail:
    """Queue a failed email again; recorded as an event of the operator's account.

    NotFound, EmailNotFailed, EmailContentGone.
    """
    email = await unsent.requeue(tx, email_id)
    change = Change("email", show(Kind.EMAIL, email.id), {"state": email.state}, _QUEUED)
    events.record_of_account(tx, operator.actor.id, "email.requeued", [change])
    return _from_outside(replace(email, state="queued", next_attempt_at=tx.now, settled_at=None))


_QUEUED = {"state": "queued"}


def _from_outside(email: UnsentEmail) -> UnsentEmail:
    if email.org_id is None:
        return email
    shown = f"…@{email.recipient.rpartition('@')[2]}"
    # Mail servers often repeat the address that they refuse.
    why = email.last_error.replace(email.recipient, shown)
    return replace(email, recipient=shown, last_error=why)
