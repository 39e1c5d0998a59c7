"""For operators: emails that were not sent, and queueing one again."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.operator_page import OperatorPage
from tenantry.console.paging import page_request
from tenantry.console.texts.languages import mark
from tenantry.identity.operators import emails
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/emails"
_STATES = {"": mark("All"), "queued": mark("Waiting"), "failed": mark("Failed")}
_QUEUED = mark("The email to {name} is queued again.")


async def show(guest: OperatorPage) -> Response:
    """Show emails that were not sent, newest first; of one state, if the query names one."""
    state = guest.visit.query("state")
    state = state if state in _STATES else ""
    page = await emails.list_emails(
        guest.reading,
        page_request(guest.visit, Kind.EMAIL, newest_first=True),
        state=state or None,
    )
    return guest.page(
        "operator_emails.html",
        page=page,
        kind=Kind.EMAIL,
        of_state=state,
        states=[(each, guest.visit.words(words)) for each, words in _STATES.items()],
        curl=guest.curl("GET", f"{PATH}?order=desc"),
    )


async def ask_to_requeue(page: OperatorPage) -> Response:
    """Ask before a failed email is sent again."""
    email = await emails.get_email(page.reading, page.ids["email_id"])
    say = page.visit.words
    asked = Confirmation(
        title=mark("Send the email to {name} again?"),
        words=(mark("It is sent now, and tried again as often as a new one."),),
        values={"name": email.recipient},
        button=mark("Send again"),
        trail=[
            ("/operator", say(mark("Operate the service"))),
            (PATH, say(mark("Emails that were not sent"))),
        ],
        curl=page.curl("POST", f"{PATH}/{show_id(Kind.EMAIL, email.id)}/requeue"),
        is_final=False,
    )
    return confirm(page, asked)


async def requeue(page: OperatorPage) -> Response:
    """Queue it again. EmailNotFailed, EmailContentGone."""
    email = await page.write(
        lambda tx, operator: emails.requeue(tx, operator, page.ids["email_id"])
    )
    return page.go_to(PATH, _QUEUED, name=email.recipient)
