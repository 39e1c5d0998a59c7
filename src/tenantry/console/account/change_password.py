"""The page on which somebody who is signed in chooses another password."""

from starlette.responses import Response

from tenantry.console.account.profile import PATH, trail
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.identity.accounts import recovery
from tenantry.identity.users import actions as users
from tenantry.platform.rate_limits import policies

_CHANGED = mark("Your password is changed. Wherever else you were signed in, you are not now.")


async def ask(guest: Guest) -> Response:
    """Show the form."""
    example = {"current_password": "…", "new_password": "…"}
    return guest.page(
        "change_password.html",
        trail=trail(guest),
        curl=guest.curl("POST", "/auth/password/change", example),
    )


async def change(guest: Guest) -> Response:
    """Change it, and end the other sessions. WrongPassword, WeakPassword, RateLimited."""
    service, actor, form = guest.service, guest.actor, await guest.visit.form()
    await guest.visit.meter.count_first(service.database, policies.password_change(actor.id))
    credentials = await users.get_credentials(guest.reading, actor.id)
    await recovery.check_current(guest.visit.passwords, credentials, form.text("current_password"))
    hashed = await guest.visit.passwords.choose(
        form.text("new_password"), pointer="#/new_password", known=[actor.email, actor.name]
    )
    async with guest.writing() as (tx, who):
        await recovery.change_password(tx, who, credentials, hashed)
    return guest.go_to(PATH, _CHANGED)
