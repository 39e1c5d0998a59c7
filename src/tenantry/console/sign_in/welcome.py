"""The home page: a welcome, or for signed-in users a redirect to their organization."""

from starlette.responses import Response

from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import Unauthenticated
from tenantry.tenancy.organizations import actions as organizations


@public_page("/")
async def show(ctx: PageContext) -> Response:
    path = await _home(ctx) if ctx.session.is_held else None
    if path is not None:
        return ctx.redirect(path)
    return ctx.render("sign_in/welcome.html", can_sign_up=ctx.service.sign_up == "open")


async def _home(ctx: PageContext) -> str | None:
    """The only organization of a signed-in user, or the list; None if no one is signed in."""
    claims = await ctx.session.claims()
    if claims is None:
        return None
    reader = AuthorizedReader(Authorization(claims), ctx.service.database.execute)
    try:
        mine = await organizations.list_mine(reader, PageRequest(2), slug=None)
    except Unauthenticated:
        return None
    only = len(mine.items) == 1
    return f"/organizations/{mine.items[0].slug}" if only else "/organizations"
