"""The page on which the language of the console is chosen."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import NAMES


@public_page("/language")
async def edit(ctx: PageContext) -> Response:
    return ctx.render("sign_in/language.html", next=ctx.next_path())


@edit.post
async def update(ctx: PageContext) -> Response:
    """Kept in a cookie; leads back to the page before."""
    form = Form(await ctx.form())
    language = form.choice("language", frozenset(NAMES))
    form.ensure_valid()
    ctx.set_language(language)
    return ctx.redirect(ctx.next_path())
