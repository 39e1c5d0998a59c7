"""The page on which somebody who is signed in chooses another password."""

from starlette.responses import Response

from tenantry.console.account.profile import PATH, breadcrumbs
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.accounts import recovery
from tenantry.identity.users import actions as users
from tenantry.platform.rate_limits import policies

_CHANGED = mark("Your password is changed. Wherever else you were signed in, you are not now.")


async def ask(page: UserPage) -> Response:
    """Show the form."""
    example = {"current_password": "…", "new_password": "…"}
    return page.render(
        "change_password.html",
        breadcrumbs=breadcrumbs(page),
        curl=page.curl("POST", "/auth/password/change", example),
    )


async def change(page: UserPage) -> Response:
    """Change it, and end the other sessions. WrongPassword, WeakPassword, RateLimited."""
    service, actor, form = page.service, page.actor, await page.ctx.form()
    await page.ctx.rate_limiter.hit_first(service.database, policies.password_change(actor.id))
    credentials = await users.get_credentials(page.reading, actor.id)
    await recovery.check_current(page.ctx.passwords, credentials, form.text("current_password"))
    hashed = await page.ctx.passwords.choose(
        form.text("new_password"), pointer="#/new_password", known=[actor.email, actor.name]
    )
    await page.write_as_self(lambda tx, who: recovery.change_password(tx, who, credentials, hashed))
    return page.redirect(PATH, _CHANGED)
