"""For operators: emails that were not sent, and queueing one again."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.routing import operator_page
from tenantry.console.texts.languages import mark
from tenantry.identity.operators import emails
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/emails"
_STATES = {"": mark("All"), "queued": mark("Waiting"), "failed": mark("Failed")}
_QUEUED = mark("Email to {name} queued")


@operator_page("/operator/emails")
async def show(page: OperatorPage) -> Response:
    """Show emails that were not sent, newest first; of one state, if the query names one."""
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
        kind=Kind.EMAIL,
        of_state=state,
        states=[(each, page.ctx.translate(words)) for each, words in _STATES.items()],
        curl=page.curl("GET", f"{PATH}?order=desc"),
    )


@operator_page("/operator/emails/{email_id}")
async def ask_to_requeue(page: OperatorPage) -> Response:
    """Ask before a failed email is sent again."""
    email = await emails.get_email(page.reading, page.ids["email_id"])
    translate = page.ctx.translate
    asked = Confirmation(
        title=mark("Resend the email to {name}?"),
        words=(mark("It is queued again and retried like a new email."),),
        values={"name": email.recipient},
        button=mark("Resend"),
        breadcrumbs=[
            ("/operator", translate(mark("Administration"))),
            (PATH, translate(mark("Unsent emails"))),
        ],
        curl=page.curl("POST", f"{PATH}/{show_id(Kind.EMAIL, email.id)}/requeue"),
        is_final=False,
    )
    return confirm(page, asked)


@ask_to_requeue.post
async def requeue(page: OperatorPage) -> Response:
    """Queue it again. EmailNotFailed, EmailContentGone."""
    email = await page.write(
        lambda tx, operator: emails.requeue(tx, operator, page.ids["email_id"])
    )
    return page.redirect(PATH, _QUEUED, name=email.recipient)
