"""The page on which the language of pages is chosen."""

from starlette.responses import Response

from tenantry.console.forms.form import Filling
from tenantry.console.page_context import Visit
from tenantry.console.texts.languages import NAMES


async def ask(visit: Visit) -> Response:
    """Show the languages there are."""
    return visit.page("language.html", next=visit.way_back())


async def choose(visit: Visit) -> Response:
    """Keep the language in a cookie, and go back to where the way led from."""
    filling = Filling(await visit.form())
    language = filling.choice("language", frozenset(NAMES))
    filling.must_fit()
    visit.speak(language)
    return visit.go_to(visit.way_back())
