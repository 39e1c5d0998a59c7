"""The page on which somebody deletes their own account."""

from starlette.responses import Response

from tenantry.console.account.profile import trail
from tenantry.console.forms.confirmation import Confirmation, confirm
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.identity.accounts import recovery
from tenantry.identity.offboarding import deletion
from tenantry.identity.users import actions as users
from tenantry.platform.rate_limits import policies

_ASKED = mark("Delete your account?")
_GOES = mark(
    "The account of {name} ({email}) goes, with the personal organization and everything in it, and"
    " with every membership elsewhere. You are signed out everywhere."
)
_BACK = mark("This cannot be undone. What others see of the past stays, without your name.")
_DELETE = mark("Delete my account")
_GONE = mark("Your account is deleted")
_BYE = mark("The address is free again. Thank you for having been here.")


async def ask(guest: Guest) -> Response:
    """Ask once more, and for the password where there is one."""
    credentials = await users.get_credentials(guest.reading, guest.actor.id)
    return confirm(
        guest,
        Confirmation(
            title=_ASKED,
            words=(_GOES, _BACK),
            values={"name": guest.actor.name, "email": guest.actor.email},
            button=_DELETE,
            trail=trail(guest),
            curl=guest.curl("DELETE", "/me"),
        ),
        template="delete_account.html",
        has_password=credentials.password_hash is not None,
    )


async def delete(guest: Guest) -> Response:
    """Delete it. WrongPassword, SoleAdmin with the organizations, LastOperator, RateLimited."""
    visit, service = guest.visit, guest.service
    await visit.meter.count_first(service.database, policies.password_change(guest.actor.id))
    credentials = await users.get_credentials(guest.reading, guest.actor.id)
    if credentials.password_hash is not None:
        given = (await visit.form()).text("current_password")
        await recovery.check_current(visit.passwords, credentials, given)
    async with guest.departing() as (tx, actor):
        await deletion.delete_account(tx, actor)
    await visit.sign_out()
    return visit.outcome(visit.words(_GONE), visit.words(_BYE))
