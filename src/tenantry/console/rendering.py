"""How a page is made of a template, and what every page tells the browser to keep to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from tenantry.console.assets import Assets
from tenantry.console.texts.languages import NAMES
from tenantry.kit.ids import Kind, show

# An address with a token in it is told to nobody and kept by nobody; no page runs a script
# that is not a file of ours, or stands in another site's frame.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Pages:
    """The templates, and what all of them may use."""

    def __init__(self, base_path: str, assets: Assets, inbox: Path | None) -> None:
        self._templates = Environment(
            loader=PackageLoader("tenantry.console", ""),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # Behind a proxy the service may live under a path of a larger site.
        self.root = base_path
        self.inbox = inbox
        self._shared: dict[str, Any] = {
            "root": self.root,
            "asset": assets.address,
            "has_inbox": inbox is not None,
            "stylesheets": assets.stylesheets,
            "languages": NAMES,
            "show_id": show,
            "kinds": Kind,
            "kept_in_query": _kept_in_query,
        }

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page, with the headers that every page has."""
        content = self._templates.get_template(template).render(self._shared | context)
        return HTMLResponse(content, status, _HEADERS)

    def redirect(self, path: str) -> Response:
        """The way to another page of ours, with the same headers."""
        return Response(status_code=303, headers={**_HEADERS, "Location": self.root + path})


def _kept_in_query(kept: Mapping[str, str]) -> str:
    """What narrows a list down, to stand before another parameter."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{query}&" if query else ""
