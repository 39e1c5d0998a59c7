"""The page on which the language of pages is chosen."""

from starlette.responses import Response

from tenantry.console.forms.form import Form
from tenantry.console.page_context import PageContext
from tenantry.console.routing import public_page
from tenantry.console.texts.languages import NAMES


@public_page("/language")
async def ask(ctx: PageContext) -> Response:
    """Show the languages there are."""
    return ctx.render("sign_in/language.html", next=ctx.next_path())


@ask.post
async def choose(ctx: PageContext) -> Response:
    """Keep the language in a cookie, and go back to where the way led from."""
    form = Form(await ctx.form())
    language = form.choice("language", frozenset(NAMES))
    form.ensure_valid()
    ctx.set_language(language)
    return ctx.redirect(ctx.next_path())
