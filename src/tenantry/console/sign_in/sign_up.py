"""The page on which somebody makes an account."""

from starlette.responses import Response

from tenantry.console.forms.form import Filling
from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import actions as accounts
from tenantry.identity.accounts.model import SignUp, SignUpClosed
from tenantry.platform.rate_limits import policies

_WELCOME = mark("Welcome! A letter to {email} asks you to confirm your address.")


async def ask(visit: Visit) -> Response:
    """Show the form. SignUpClosed where only the invited, or nobody, may make an account."""
    if visit.service.sign_up != "open":
        raise SignUpClosed
    return visit.page("sign_up.html", next=visit.way_back())


async def sign_up(visit: Visit) -> Response:
    """Make the account with its personal organization, and sign in. EmailTaken, WeakPassword."""
    service = visit.service
    if service.sign_up != "open":
        raise SignUpClosed
    form = await visit.form()
    filling = Filling(form)
    email, name = filling.email("email"), filling.name("name")
    filling.must_fit()
    await visit.meter.count_first(service.database, policies.sign_up(visit.meter.network))
    hashed = await visit.passwords.choose(
        form.text("password"), pointer="#/password", known=[email, name]
    )
    given = SignUp(email, name, hashed)
    account = await visit.run(lambda tx: accounts.sign_up(tx, visit.outbox, given, visit.client))
    await visit.sign_in(account.session)
    return visit.go_to(visit.way_back(), _WELCOME, email=email)
