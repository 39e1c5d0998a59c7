"""The page on which a new password is chosen, from the link in an email."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.model import WeakPassword
from tenantry.identity.accounts.reset_password import PasswordOwner, preview_reset
from tenantry.identity.offboarding.reset_password import reset_password


@link_page("/reset-password")
async def edit(ctx: PageContext) -> Response:
    """Refuses an expired or used link before a password is typed."""
    return _form(ctx, await preview_reset(ctx.account, ctx.link_token()))


@edit.post
async def update(ctx: PageContext) -> Response:
    """Shows the form again if the password is too weak."""
    form, token = await ctx.form(), ctx.link_token()
    try:
        owner = await reset_password(ctx.account, token, password=form.text("password"))
    except WeakPassword as weak:
        owner = await preview_reset(ctx.account, token)
        return _form(ctx, owner, weak.errors[0]["detail"])
    ctx.forget_link_token()
    title, sentence = (
        mark("Password set"),
        mark("Sign in with your email address and this password."),
    )
    if not owner.is_first:
        title = mark("Password changed")
        sentence = mark("Sign in with your new password. All devices were signed out.")
    return ctx.outcome(ctx.translate(title), ctx.translate(sentence))


def _form(ctx: PageContext, owner: PasswordOwner, error: str = "") -> Response:
    return ctx.render(
        "sign_in/reset_password.html",
        422 if error else 200,
        email=owner.user.email,
        is_first=owner.is_first,
        error=error,
    )
