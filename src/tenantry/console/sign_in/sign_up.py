"""The page on which somebody makes an account."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import sign_up as accounts

_WELCOME = mark("Welcome! Check your email at {email} to confirm your address.")


@public_page("/sign-up")
async def ask(ctx: PageContext) -> Response:
    """Show the form. SignUpClosed where only the invited, or nobody, may make an account."""
    accounts.ensure_sign_up_open(ctx.service.sign_up)
    return ctx.render("sign_in/sign_up.html", next=ctx.next_path())


@ask.post
async def sign_up(ctx: PageContext) -> Response:
    """Make the account with its personal organization, and sign in. EmailTaken, WeakPassword."""
    form = await ctx.form()
    fields = Form(form)
    email, name = fields.email("email"), fields.name("name")
    fields.ensure_valid()
    account = await accounts.sign_up(
        ctx.account, email=email, password=form.text("password"), name=name
    )
    await ctx.sign_in(account.session)
    return ctx.redirect(ctx.next_path(), _WELCOME, email=email)
