"""The page that proves an e-mail address."""

from starlette.responses import Response

from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import verification

_TITLE = mark("Your address is confirmed")
_DONE = mark("Thank you. You can close this page.")


async def ask(visit: Visit) -> Response:
    """Show one button. Mail scanners follow links, so following one must not prove anything."""
    visit.letter()
    return visit.page("verify_email.html")


async def prove(visit: Visit) -> Response:
    """Prove the address by the letter's token."""
    token = visit.letter()
    await visit.run(lambda tx: verification.verify_email(tx, token))
    visit.forget_letter()
    return visit.outcome(visit.words(_TITLE), visit.words(_DONE))
