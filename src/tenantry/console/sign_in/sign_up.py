"""The page on which an account is created."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts import sign_up as accounts


@public_page("/sign-up")
async def new(ctx: PageContext) -> Response:
    """SignUpClosed if only invited people, or no one, can sign up."""
    accounts.ensure_sign_up_open(ctx.service.sign_up)
    return ctx.render("sign_in/sign_up.html", next=ctx.next_path())


@new.post
async def sign_up(ctx: PageContext) -> Response:
    """EmailTaken, WeakPassword."""
    form = await ctx.form()
    fields = Form(form)
    email, name = fields.email("email"), fields.name("name")
    fields.ensure_valid()
    account = await accounts.sign_up(
        ctx.account, email=email, password=form.text("password"), name=name
    )
    await ctx.sign_in(account.session)
    welcome = mark("Welcome! Check your email at {email} to confirm your address.")
    return ctx.redirect(ctx.next_path(), welcome, email=email)
