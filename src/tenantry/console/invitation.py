"""The page on which an invitation is seen and accepted."""

from contextlib import suppress
from dataclasses import dataclass

from starlette.responses import Response

from tenantry.accounts import actions as accounts
from tenantry.accounts.model import SignUp, SignUpClosed, WeakPassword
from tenantry.console.posts import Form, MalformedForm
from tenantry.console.visit import Visit, token_of
from tenantry.invitations import acceptance
from tenantry.invitations.model import Offered
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.kit.secrets import Secret
from tenantry.kit.text import NAME_LENGTH, is_line
from tenantry.rates import charges
from tenantry.sessions import actions as sessions
from tenantry.sessions.model import Opened
from tenantry.users.model import EmailTaken

# The same words for every cause: nobody learns whether there is such an account.
_WRONG = "The password is wrong, or there is no account with this address yet."
_TAKEN = "There is an account with this address already. Sign in with its password:"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form comes again: what is wrong, by the name of the field that it stands at."""

    status: int
    field: str
    detail: str


async def show(visit: Visit) -> Response:
    """Show what is offered, and the two ways to accept it."""
    token, meter = visit.token(), visit.meter
    await meter.count_first(visit.service.database, charges.preview(meter.network))
    return _page(visit, token, await _offered(visit, token))


async def accept(visit: Visit) -> Response:
    """Join, as somebody new or with an account; or show the forms again with the reason."""
    form = await visit.form()
    token = token_of([form.text("token")])
    way = {"sign-up": _by_signing_up, "sign-in": _by_signing_in}.get(form.text("way"))
    if way is None:
        raise MalformedForm
    offered = await _offered(visit, token)
    trouble = await way(visit, form, token, offered)
    if trouble is not None:
        return _page(visit, token, offered, trouble, name=form.text("name"))
    return visit.page("joined.html", offered=offered)


async def _by_signing_up(
    visit: Visit, form: Form, token: Secret, offered: Offered
) -> Trouble | None:
    if visit.service.sign_up == "closed":
        raise SignUpClosed
    name = form.text("name").strip()
    if not 1 <= len(name) <= NAME_LENGTH or not is_line(name):
        return Trouble(422, "name", f"Your name: 1 to {NAME_LENGTH} characters on one line.")
    meter = visit.meter
    await meter.count_first(visit.service.database, charges.sign_up(meter.network))
    try:
        hashed = await visit.service.passwords.choose(
            form.text("password"), pointer="#/password", known=[offered.email, name]
        )
    except WeakPassword as weak:
        return Trouble(422, "new_password", weak.errors[0]["detail"])
    try:
        await _sign_up(visit, SignUp(offered.email, name, hashed), token)
    except EmailTaken:
        return Trouble(409, "password", _TAKEN)
    return None


async def _sign_up(visit: Visit, sign_up: SignUp, token: Secret) -> None:
    async with visit.transaction() as tx:
        account = await acceptance.accept_by_signing_up(
            tx, sign_up, visit.client, visit.service.limits, token
        )
        # This page keeps nobody signed in, so nobody holds the session that came with the account.
        await sessions.end(tx, account.user.id, account.session.session_id)


async def _by_signing_in(
    visit: Visit, form: Form, token: Secret, offered: Offered
) -> Trouble | None:
    service = visit.service
    try:
        opened = await accounts.sign_in(
            service.database,
            service.passwords,
            visit.meter,
            email=offered.email,
            password=form.text("password"),
            client=visit.client,
        )
        await _join(visit, opened, token)
    except Unauthenticated:
        return Trouble(422, "password", _WRONG)
    return None


async def _join(visit: Visit, opened: Opened, token: Secret) -> None:
    # An ordinary sign-in, so that one place checks passwords; but the page keeps nobody signed in,
    # so the session ends here, whatever comes of it.
    try:
        async with visit.entered(opened) as (tx, actor):
            await acceptance.accept(tx, actor, visit.service.limits, token)
    finally:
        async with visit.transaction() as tx:
            with suppress(NotFound):
                await sessions.end(tx, opened.user_id, opened.session_id)


async def _offered(visit: Visit, token: Secret) -> Offered:
    async with visit.transaction() as tx:
        return await acceptance.preview(tx, token)


def _page(
    visit: Visit, token: Secret, offered: Offered, trouble: Trouble | None = None, name: str = ""
) -> Response:
    return visit.page(
        "invitation.html",
        trouble.status if trouble else 200,
        token=token.text,
        offered=offered,
        can_sign_up=visit.service.sign_up != "closed",
        trouble=trouble,
        name=name,
    )
