"""For operators: emails that were not sent, and queueing one again."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.operator_page import OperatingGuest
from tenantry.console.paging import page_request
from tenantry.console.texts.languages import mark
from tenantry.identity.operators import emails
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/operator/emails"
_STATES = {"": mark("All"), "queued": mark("Waiting"), "failed": mark("Failed")}
_QUEUED = mark("The email to {name} is queued again.")


async def show(guest: OperatingGuest) -> Response:
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


async def ask_to_requeue(guest: OperatingGuest) -> Response:
    """Ask before a failed email is sent again."""
    email = await emails.get_email(guest.reading, guest.ids["email_id"])
    say = guest.visit.words
    asked = Confirmation(
        title=mark("Send the email to {name} again?"),
        words=(mark("It is sent now, and tried again as often as a new one."),),
        values={"name": email.recipient},
        button=mark("Send again"),
        trail=[
            ("/operator", say(mark("Operate the service"))),
            (PATH, say(mark("Emails that were not sent"))),
        ],
        curl=guest.curl("POST", f"{PATH}/{show_id(Kind.EMAIL, email.id)}/requeue"),
        is_final=False,
    )
    return confirm(guest, asked)


async def requeue(guest: OperatingGuest) -> Response:
    """Queue it again. EmailNotFailed, EmailContentGone."""
    async with guest.operating() as (tx, operator):
        email = await emails.requeue(tx, operator, guest.ids["email_id"])
    return guest.go_to(PATH, _QUEUED, name=email.recipient)
