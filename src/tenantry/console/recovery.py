"""The page on which a new password is chosen."""

from starlette.responses import Response

from tenantry.accounts import recovery
from tenantry.accounts.model import WeakPassword
from tenantry.console.visit import Visit, token_of
from tenantry.departures import actions as departures
from tenantry.kit.secrets import Secret
from tenantry.rates import charges
from tenantry.users.model import User


async def ask(visit: Visit) -> Response:
    """Show the form; what can no longer be done is told at once."""
    token = visit.token()
    return _form(visit, token, await _owner(visit, token))


async def reset(visit: Visit) -> Response:
    """Set the new password, or show the form again with the reason why not."""
    form = await visit.form()
    token = token_of([form.text("token")])
    await visit.meter.count_first(
        visit.service.database, charges.password_reset(visit.meter.network)
    )
    owner = await _owner(visit, token)
    try:
        hashed = await visit.service.passwords.choose(
            form.text("password"), pointer="#/password", known=[owner.email, owner.name]
        )
    except WeakPassword as weak:
        return _form(visit, token, owner, weak.errors[0]["detail"])
    async with visit.transaction() as tx:
        await departures.reset_password(tx, token, hashed)
    return visit.page(
        "outcome.html",
        title="Your password is changed",
        words=["Sign in with the new one. Wherever you were signed in before, you are not now."],
        request_id=None,
    )


async def _owner(visit: Visit, token: Secret) -> User:
    async with visit.transaction() as tx:
        return await recovery.preview_reset(tx, token, tx.now)


def _form(visit: Visit, token: Secret, owner: User, problem: str = "") -> Response:
    status = 422 if problem else 200
    return visit.page(
        "reset_password.html", status, token=token.text, email=owner.email, problem=problem
    )
