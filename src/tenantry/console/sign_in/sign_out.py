"""The page on which the session of this browser ends."""

from starlette.responses import Response

from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark

_TITLE = mark("You are signed out")
_DONE = mark("You can close this page.")


async def ask(visit: Visit) -> Response:
    """Show one button: a link that another site shows must not sign anybody out."""
    return visit.page("sign_out.html")


async def end(visit: Visit) -> Response:
    """End the session."""
    await visit.sign_out()
    return visit.outcome(visit.words(_TITLE), visit.words(_DONE))
