"""The page on which a user signs in."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.identity.accounts import sign_in as accounts
from tenantry.kit.text import email_address


@public_page("/sign-in")
async def new(ctx: PageContext) -> Response:
    """Also for signed-in users, who can sign in as someone else."""
    return ctx.render(
        "sign_in/sign_in.html", next=ctx.next_path(), can_sign_up=ctx.service.sign_up == "open"
    )


@new.post
async def sign_in(ctx: PageContext) -> Response:
    """BadCredentials, whatever the cause."""
    form = await ctx.form()
    opened = await accounts.sign_in(
        ctx.account,
        email=email_address(form.text("email").strip()),
        password=form.text("password"),
    )
    await ctx.sign_in(opened)
    return ctx.redirect(ctx.next_path())
