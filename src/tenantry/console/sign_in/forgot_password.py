"""The page on which somebody asks for a letter to choose a new password."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.reset_password import request_reset

_TITLE = mark("Check your email")
_SENT = mark("If there is an account for {email}, we sent an email to it.")
_NEXT = mark("Open its link to choose a new password.")


@public_page("/forgot-password")
async def ask(ctx: PageContext) -> Response:
    """Show the form."""
    return ctx.render("sign_in/forgot_password.html")


@ask.post
async def send(ctx: PageContext) -> Response:
    """Send the letter; the answer never tells whether there is such an account."""
    form, translate = Form(await ctx.form()), ctx.translate
    email = form.email("email")
    form.ensure_valid()
    await request_reset(ctx.account, email=email)
    return ctx.outcome(translate(_TITLE), translate(_SENT, email=email), translate(_NEXT))
