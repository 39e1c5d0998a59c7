"""One's own account: the name, and whether the address is proven."""

from starlette.responses import Response

from tenantry.console.forms.confirmation import Confirmation, Way, confirm
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import Guest
from tenantry.identity.accounts import verification
from tenantry.identity.users import actions as users
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id

PATH = "/account"
ACCOUNT = mark("Your account")
_RENAMED = mark("You are called {name} from now on.")
_ASKED = mark("Send the letter again?")
_GOES = mark("A letter to {email} has a link that confirms the address. Earlier ones stop working.")
_SEND = mark("Send the letter")
_SENT = mark("A letter to {email} is on its way.")


async def ask(guest: Guest) -> Response:
    """Show the account, and the form of its name."""
    user = await users.get(guest.reading, guest.actor.id)
    return guest.page(
        "account.html",
        user=user,
        user_id=show_id(Kind.USER, user.id),
        curl=guest.curl("PATCH", "/me", {"name": user.name}),
    )


async def rename(guest: Guest) -> Response:
    """Change the name. RateLimited."""
    filling = await guest.filling()
    name = filling.name("name")
    filling.must_fit()
    async with guest.writing() as (tx, actor):
        user = await users.lock(tx, actor.id)
        await users.rename(tx, guest.visit.meter, actor, user, name=name)
    return guest.go_to(PATH, _RENAMED, name=name)


async def ask_to_verify(guest: Guest) -> Response:
    """Ask whether the letter that proves the address shall be sent again."""
    return confirm(
        guest,
        Confirmation(
            title=_ASKED,
            words=(_GOES,),
            values={"email": guest.actor.email},
            button=_SEND,
            trail=trail(guest),
            curl=guest.curl("POST", "/auth/verify-email/resend"),
            is_final=False,
        ),
    )


async def verify(guest: Guest) -> Response:
    """Send it; nothing where the address is proven. RateLimited."""
    visit = guest.visit
    async with guest.writing() as (tx, actor):
        await verification.resend(tx, visit.outbox, visit.meter, actor)
    return guest.go_to(PATH, _SENT, email=guest.actor.email)


def trail(guest: Guest, *more: Way) -> list[Way]:
    """The way to a page of one's own account."""
    return [(PATH, guest.visit.words(ACCOUNT)), *more]
