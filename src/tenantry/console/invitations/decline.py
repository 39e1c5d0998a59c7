"""The page on which somebody says no to an invitation."""

from starlette.responses import Response

from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark
from tenantry.tenancy.invitations import acceptance
from tenantry.tenancy.invitations.decline import decline as decline_invitation
from tenantry.tenancy.invitations.model import Offered

_TITLE = mark("You declined the invitation")
_DONE = mark("You are no member of {name}, and the link works no more.")
_NEXT = mark("Should you change your mind, ask for a new invitation.")


async def ask(visit: Visit) -> Response:
    """Ask once more: it cannot be taken back."""
    return visit.page("decline.html", offered=await _offered(visit))


async def decline(visit: Visit) -> Response:
    """Decline as whoever holds the letter, with or without an account."""
    offered, say = await _offered(visit), visit.words
    await visit.run(lambda tx: decline_invitation(tx, visit.letter()))
    visit.forget_letter()
    return visit.outcome(say(_TITLE), say(_DONE, name=offered.organization_name), say(_NEXT))


async def _offered(visit: Visit) -> Offered:
    database, meter = visit.service.database, visit.meter
    return await acceptance.find_open_counted(database, meter, visit.letter())
