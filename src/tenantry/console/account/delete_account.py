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
    "This deletes the account of {name} ({email}), your personal organization with "
    "everything in it, and all your memberships. You will be signed out everywhere."
)
_BACK = mark("This cannot be undone. Audit logs of other organizations are kept without your name.")
_DELETE = mark("Delete account")
_GONE = mark("Account deleted")
_BYE = mark("Your email address can be used for a new account. Thank you for using this service.")


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
