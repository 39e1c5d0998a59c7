"""The first page: what this is; for who is signed in, the way to where they work."""

from starlette.responses import Response

from tenantry.authz.authorization import Authorization, AuthorizedReader
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.kit.page import PageRequest
from tenantry.kit.refusals import Unauthenticated
from tenantry.tenancy.organizations import actions as organizations


@public_page("/")
async def show(ctx: PageContext) -> Response:
    """Show what this service is, to who is not signed in."""
    path = await _home(ctx) if ctx.session.is_held else None
    if path is not None:
        return ctx.redirect(path)
    return ctx.render("sign_in/welcome.html", can_sign_up=ctx.service.sign_up == "open")


async def _home(ctx: PageContext) -> str | None:
    """Where somebody who is signed in goes first: to their only organization, or to choose one."""
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
