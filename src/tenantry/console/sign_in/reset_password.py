"""The page on which a new password is chosen."""

from starlette.responses import Response

from tenantry.console.page_context import PageContext
from tenantry.console.routing import link_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.model import WeakPassword
from tenantry.identity.accounts.reset_password import PasswordOwner, preview_reset
from tenantry.identity.offboarding.reset_password import reset_password

_SET = mark("Password set"), mark("Sign in with your email address and this password.")
_CHANGED = (
    mark("Password changed"),
    mark("Sign in with your new password. All devices were signed out."),
)


@link_page("/reset-password")
async def ask(ctx: PageContext) -> Response:
    """Show the form; what can no longer be done is told at once."""
    return _form(ctx, await preview_reset(ctx.account, ctx.link_token()))


@ask.post
async def reset(ctx: PageContext) -> Response:
    """Set the new password, or show the form again with the reason why not."""
    form, token = await ctx.form(), ctx.link_token()
    try:
        owner = await reset_password(ctx.account, token, password=form.text("password"))
    except WeakPassword as weak:
        owner = await preview_reset(ctx.account, token)
        return _form(ctx, owner, weak.errors[0]["detail"])
    ctx.forget_link_token()
    title, words = _SET if owner.is_first else _CHANGED
    return ctx.outcome(ctx.translate(title), ctx.translate(words))


def _form(ctx: PageContext, owner: PasswordOwner, problem: str = "") -> Response:
    return ctx.render(
        "sign_in/reset_password.html",
        422 if problem else 200,
        email=owner.user.email,
        is_first=owner.is_first,
        problem=problem,
    )
