"""The page on which signed-in users change their password."""

from starlette.responses import Response

from tenantry.console.account.profile import PATH, breadcrumbs
from tenantry.console.routing import user_page
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.accounts.change_password import change_password


@user_page("/account/password")
async def edit(page: UserPage) -> Response:
    example = {"current_password": "…", "new_password": "…"}
    return page.render(
        "account/change_password.html",
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("POST", "/auth/password/change", example),
    )


@edit.post
async def update(page: UserPage) -> Response:
    """Ends all other sessions. WrongPassword, WeakPassword, RateLimited."""
    form = await page.ctx.form()
    await change_password(
        page.ctx.account,
        page.actor,
        current_password=form.text("current_password"),
        new_password=form.text("new_password"),
    )
    return page.redirect(PATH, mark("Password changed. All other devices are signed out."))
