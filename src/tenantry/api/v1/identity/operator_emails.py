"""Unsent emails, for operators."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import EmailId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import EmailIdText, OrganizationIdText
from tenantry.http.access import Requirement
from tenantry.identity.operators import emails
from tenantry.kit.ids import Kind, show
from tenantry.platform.mail.model import UnsentEmail

route = Routes("/operator/emails")


class UnsentEmailView(TypedDict):
    """A queued or failed email. An organization's shows only the domain of its `recipient`."""

    id: EmailIdText
    organization_id: OrganizationIdText | None
    recipient: str
    state: Literal["queued", "failed"]
    attempts: int
    last_error: str
    can_be_requeued: bool
    created_at: datetime
    next_attempt_at: datetime | None
    failed_at: datetime | None


class UnsentEmailsQuery(ListQuery[EmailId]):
    """Which emails: queued or failed ones."""

    state: Literal["queued", "failed"] | None = None


def view(email: UnsentEmail) -> UnsentEmailView:
    has_failed = email.state == "failed"
    return {
        "id": show(Kind.EMAIL, email.id),
        "organization_id": show(Kind.ORGANIZATION, email.org_id) if email.org_id else None,
        "recipient": email.recipient,
        "state": email.state,
        "attempts": email.attempts,
        "last_error": email.last_error,
        "can_be_requeued": has_failed and email.kept,
        "created_at": email.created_at,
        "next_attempt_at": None if has_failed else email.next_attempt_at,
        "failed_at": email.settled_at,
    }


@route.get("", Requirement.OPERATOR, id="operator.list_emails")
async def list_unsent(ctx: ReadContext, query: UnsentEmailsQuery) -> ListOf[UnsentEmailView]:
    """List the unsent emails of the whole service; `state` filters by queued or failed."""
    page = await emails.list_emails(ctx.reading, query.page, state=query.state)
    return listed(page, Kind.EMAIL, view)


@route.get("/{email_id}", Requirement.OPERATOR, id="operator.get_email")
async def get(ctx: ReadContext, email_id: EmailId) -> UnsentEmailView:
    """Get an unsent email; once sent, it is not found."""
    return view(await emails.get_email(ctx.reading, email_id))


@route.post("/{email_id}/requeue", Requirement.OPERATOR, id="operator.requeue_email", refuses={409})
async def requeue(ctx: WriteContext, email_id: EmailId) -> UnsentEmailView:
    """Queue a failed email again, with a new set of attempts."""
    return view(await emails.requeue(ctx.tx, ctx.operator, email_id))
