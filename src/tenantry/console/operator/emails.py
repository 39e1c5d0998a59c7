"""Emails that were not sent, for operators."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import confirm
from tenantry.console.operator.confirmations import breadcrumbs
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.operators import emails
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/emails"
_STATES = {"": mark("All"), "queued": mark("Waiting"), "failed": mark("Failed")}


@operator_page("/operator/emails")
async def index(page: OperatorPage) -> Response:
    """The newest first; `state` in the query filters."""
    state = page.ctx.query("state")
    state = state if state in _STATES else ""
    listed = await emails.list_emails(
        page.reading,
        page_request(page.ctx, Kind.EMAIL, newest_first=True),
        state=state or None,
    )
    return page.render(
        "operator/emails.html",
        emails=listed,
        state=state,
        states=[(each, page.ctx.translate(label)) for each, label in _STATES.items()],
        curl=page.curl("GET", f"{PATH}?order=desc"),
    )


@operator_page("/operator/emails/{email_id}")
async def confirm_requeue(page: OperatorPage) -> Response:
    email = await emails.get_email(page.reading, page.ids["email_id"])
    return confirm(
        page,
        mark("Resend the email to {name}?"),
        mark("It is queued again and retried like a new email."),
        values={"name": email.recipient},
        button=mark("Resend"),
        breadcrumbs=breadcrumbs(page, (PATH, page.ctx.translate(mark("Unsent emails")))),
        curl=page.curl("POST", f"{PATH}/{show_id(Kind.EMAIL, email.id)}/requeue"),
        is_final=False,
    )


@confirm_requeue.post
async def requeue(page: OperatorPage) -> Response:
    """EmailNotFailed, EmailContentGone."""
    email = await page.write(
        lambda tx, operator: emails.requeue(tx, operator, page.ids["email_id"])
    )
    return page.redirect(PATH, mark("Email to {name} queued"), name=email.recipient)
