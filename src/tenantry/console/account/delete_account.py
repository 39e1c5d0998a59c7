"""The page on which somebody deletes their own account."""

from starlette.responses import Response

from tenantry.console.account.profile import breadcrumbs
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.offboarding.delete_account import delete_account
from tenantry.identity.users import actions as users

_ASKED = mark("Delete your account?")
_GOES = mark(
    "The account of {name} ({email}) goes, with the personal organization and everything in it, and"
    " with every membership elsewhere. You are signed out everywhere."
)
_BACK = mark("This cannot be undone. What others see of the past stays, without your name.")
_DELETE = mark("Delete my account")
_GONE = mark("Your account is deleted")
_BYE = mark("The address is free again. Thank you for having been here.")


@user_page("/account/delete")
async def ask(page: UserPage) -> Response:
    """Ask once more, and for the password where there is one."""
    credentials = await users.get_credentials(page.reading, page.actor.id)
    return confirm(
        page,
        Confirmation(
            title=_ASKED,
            words=(_GOES, _BACK),
            values={"name": page.actor.name, "email": page.actor.email},
            button=_DELETE,
            breadcrumbs=breadcrumbs(page),
            curl=page.curl("DELETE", "/me"),
        ),
        template="account/delete_account.html",
        has_password=credentials.password_hash is not None,
    )


@ask.post
async def delete(page: UserPage) -> Response:
    """Delete it. WrongPassword, SoleAdmin with the organizations, LastOperator, RateLimited."""
    ctx = page.ctx
    password = (await ctx.form()).text("current_password")
    await delete_account(ctx.account, page.actor, current_password=password)
    await ctx.sign_out()
    return ctx.outcome(ctx.translate(_GONE), ctx.translate(_BYE))
