"""The page on which a new password is chosen."""

from dataclasses import dataclass

from starlette.responses import Response

from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import recovery
from tenantry.identity.accounts.model import WeakPassword
from tenantry.identity.offboarding import actions as departures
from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.postgres.transaction import Tx

_SET = mark("Your password is set"), mark("Sign in with it and your e-mail address.")
_CHANGED = (
    mark("Your password is changed"),
    mark("Sign in with the new one. Wherever you were signed in before, you are not now."),
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, and whether they have had one before."""

    user: User
    is_first: bool


async def ask(visit: Visit) -> Response:
    """Show the form; what can no longer be done is told at once."""
    return _form(visit, await _owner(visit, visit.letter()))


async def reset(visit: Visit) -> Response:
    """Set the new password, or show the form again with the reason why not."""
    form, token = await visit.form(), visit.letter()
    await recovery.owner_of_token(visit.service.database, visit.meter, token)
    owner = await _owner(visit, token)
    try:
        hashed = await visit.passwords.choose(
            form.text("password"), pointer="#/password", known=[owner.user.email, owner.user.name]
        )
    except WeakPassword as weak:
        return _form(visit, owner, weak.errors[0]["detail"])
    await visit.run(lambda tx: departures.reset_password(tx, visit.meter, token, hashed))
    visit.forget_letter()
    return _outcome(visit, owner)


async def _owner(visit: Visit, token: Secret) -> Owner:
    async def find(tx: Tx) -> Owner:
        user = await recovery.preview_reset(tx, token, tx.now)
        return Owner(user, is_first=not await recovery.has_password(tx, user))

    return await visit.run(find)


def _form(visit: Visit, owner: Owner, problem: str = "") -> Response:
    return visit.page(
        "reset_password.html",
        422 if problem else 200,
        email=owner.user.email,
        is_first=owner.is_first,
        problem=problem,
    )


def _outcome(visit: Visit, owner: Owner) -> Response:
    title, words = _SET if owner.is_first else _CHANGED
    return visit.outcome(visit.words(title), visit.words(words))
