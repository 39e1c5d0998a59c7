"""The page on which users delete their account."""

from starlette.responses import Response

from tenantry.console.account.profile import breadcrumbs
from tenantry.console.forms.confirmation import confirm
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.offboarding.delete_account import delete_account
from tenantry.identity.users import actions as users


@user_page("/account/delete")
async def confirm_delete(page: UserPage) -> Response:
    """Asks for the password too, if the account has one."""
    credentials = await users.get_credentials(page.reading, page.actor.id)
    return confirm(
        page,
        mark("Delete your account?"),
        mark(
            "This deletes the account of {name} ({email}), your personal organization with "
            "everything in it, and all your memberships. You will be signed out everywhere."
        ),
        mark(
            "This cannot be undone. Audit logs of other organizations are kept without your name."
        ),
        values={"name": page.actor.name, "email": page.actor.email},
        button=mark("Delete account"),
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("DELETE", "/me"),
        template="account/delete_account.html",
        has_password=credentials.password_hash is not None,
    )


@confirm_delete.post
async def delete(page: UserPage) -> Response:
    """WrongPassword, SoleAdmin with the organizations, LastOperator, RateLimited."""
    ctx = page.ctx
    password = (await ctx.form()).text("current_password")
    await delete_account(ctx.account, page.actor, current_password=password)
    await ctx.sign_out()
    thanks = mark(
        "Your email address can be used for a new account. Thank you for using this service."
    )
    return ctx.outcome(ctx.translate(mark("Account deleted")), ctx.translate(thanks))
