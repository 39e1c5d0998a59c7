"""The page on which a user asks for a link to reset their password."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import mark
from tenantry.identity.accounts.reset_password import request_reset


@public_page("/forgot-password")
async def new(ctx: PageContext) -> Response:
    return ctx.render("sign_in/forgot_password.html")


@new.post
async def send(ctx: PageContext) -> Response:
    """The response does not reveal whether there is an account."""
    form, translate = Form(await ctx.form()), ctx.translate
    email = form.email("email")
    form.ensure_valid()
    await request_reset(ctx.account, email=email)
    return ctx.outcome(
        translate(mark("Check your email")),
        translate(mark("If there is an account for {email}, we sent an email to it."), email=email),
        translate(mark("Open its link to choose a new password.")),
    )
