"""The page on which somebody who is signed in chooses another password."""

from starlette.responses import Response

from tenantry.console.account.profile import PATH, trail
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage
from tenantry.identity.accounts import recovery
from tenantry.identity.users import actions as users
from tenantry.platform.rate_limits import policies

_CHANGED = mark("Your password is changed. Wherever else you were signed in, you are not now.")


async def ask(page: UserPage) -> Response:
    """Show the form."""
    example = {"current_password": "…", "new_password": "…"}
    return page.page(
        "change_password.html",
        trail=trail(page),
        curl=page.curl("POST", "/auth/password/change", example),
    )


async def change(page: UserPage) -> Response:
    """Change it, and end the other sessions. WrongPassword, WeakPassword, RateLimited."""
    service, actor, form = page.service, page.actor, await page.visit.form()
    await page.visit.rate_limiter.hit_first(service.database, policies.password_change(actor.id))
    credentials = await users.get_credentials(page.reading, actor.id)
    await recovery.check_current(page.visit.passwords, credentials, form.text("current_password"))
    hashed = await page.visit.passwords.choose(
        form.text("new_password"), pointer="#/new_password", known=[actor.email, actor.name]
    )
    await page.write_as_self(lambda tx, who: recovery.change_password(tx, who, credentials, hashed))
    return page.go_to(PATH, _CHANGED)
