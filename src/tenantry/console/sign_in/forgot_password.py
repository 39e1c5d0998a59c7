"""The page on which somebody asks for a letter to choose a new password."""

from starlette.responses import Response

from tenantry.console.forms.form import Filling
from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import recovery

_TITLE = mark("Look into your mail")
_SENT = mark("If there is an account with {email}, a letter is on its way to it.")
_NEXT = mark("Its link leads to a page on which you choose a new password.")


async def ask(visit: Visit) -> Response:
    """Show the form."""
    return visit.page("forgot_password.html")


async def send(visit: Visit) -> Response:
    """Send the letter; the answer never tells whether there is such an account."""
    filling, say = Filling(await visit.form()), visit.words
    email = filling.email("email")
    filling.must_fit()
    await recovery.ask_for_reset(visit.service.database, visit.outbox, visit.meter, email)
    return visit.outcome(say(_TITLE), say(_SENT, email=email), say(_NEXT))
