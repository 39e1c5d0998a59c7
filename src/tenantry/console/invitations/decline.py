"""The page on which somebody says no to an invitation."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.tenancy.invitations.decline import decline as decline_invitation
from tenantry.tenancy.invitations.preview import preview_to_decline

_TITLE = mark("Invitation declined")
_DONE = mark("You did not join {name}, and the link no longer works.")
_NEXT = mark("Changed your mind? Ask for a new invitation.")


@link_page("/invitation/decline", opened_at="/invitation")
async def ask(ctx: PageContext) -> Response:
    """Ask once more: it cannot be taken back."""
    offered = await preview_to_decline(ctx.account, ctx.link_token())
    return ctx.render("invitations/decline.html", offered=offered)


@ask.post
async def decline(ctx: PageContext) -> Response:
    """Decline as whoever holds the letter, with or without an account."""
    offered, translate = await decline_invitation(ctx.account, ctx.link_token()), ctx.translate
    ctx.forget_link_token()
    return ctx.outcome(
        translate(_TITLE), translate(_DONE, name=offered.organization_name), translate(_NEXT)
    )
