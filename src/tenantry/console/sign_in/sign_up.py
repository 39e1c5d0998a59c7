"""The page on which somebody makes an account."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import actions as accounts
from tenantry.identity.accounts.model import SignUp, SignUpClosed
from tenantry.platform.rate_limits import policies

_WELCOME = mark("Welcome! A letter to {email} asks you to confirm your address.")


async def ask(ctx: PageContext) -> Response:
    """Show the form. SignUpClosed where only the invited, or nobody, may make an account."""
    if ctx.service.sign_up != "open":
        raise SignUpClosed
    return ctx.render("sign_up.html", next=ctx.next_path())


async def sign_up(ctx: PageContext) -> Response:
    """Make the account with its personal organization, and sign in. EmailTaken, WeakPassword."""
    service = ctx.service
    if service.sign_up != "open":
        raise SignUpClosed
    form = await ctx.form()
    fields = Form(form)
    email, name = fields.email("email"), fields.name("name")
    fields.ensure_valid()
    await ctx.rate_limiter.hit_first(service.database, policies.sign_up(ctx.rate_limiter.network))
    hashed = await ctx.passwords.choose(
        form.text("password"), pointer="#/password", known=[email, name]
    )
    given = SignUp(email, name, hashed)
    account = await ctx.run(lambda tx: accounts.sign_up(tx, ctx.outbox, given, ctx.client))
    await ctx.sign_in(account.session)
    return ctx.redirect(ctx.next_path(), _WELCOME, email=email)
