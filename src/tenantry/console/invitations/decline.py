"""The page on which an invitation is declined, with or without an account."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.tenancy.invitations.decline import decline as decline_invitation
from tenantry.tenancy.invitations.preview import preview_to_decline


@link_page("/invitation/decline", opened_at="/invitation")
async def confirm_decline(ctx: PageContext) -> Response:
    offered = await preview_to_decline(ctx.account, ctx.link_token())
    return ctx.render("invitations/decline.html", offered=offered)


@confirm_decline.post
async def decline(ctx: PageContext) -> Response:
    offered, translate = await decline_invitation(ctx.account, ctx.link_token()), ctx.translate
    ctx.forget_link_token()
    declined = mark("You did not join {name}, and the link no longer works.")
    return ctx.outcome(
        translate(mark("Invitation declined")),
        translate(declined, name=offered.organization_name),
        translate(mark("Changed your mind? Ask for a new invitation.")),
    )
