"""Pages from templates, with the security headers of every page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from tenantry.console.assets import Assets
from tenantry.console.texts.languages import NAMES
from tenantry.kit.ids import Kind, show

# URLs with tokens are neither cached nor sent as a referrer. Pages run no script but our files, and
# cannot be framed by other sites.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Pages:
    def __init__(self, base_path: str, assets: Assets, inbox: Path | None) -> None:
        self._templates = Environment(
            loader=PackageLoader("tenantry.console", ""),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
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
        content = self._templates.get_template(template).render(self._shared | context)
        return HTMLResponse(content, status, _HEADERS)

    def redirect(self, path: str) -> Response:
        """A redirect to another page, with the same headers."""
        return Response(status_code=303, headers={**_HEADERS, "Location": self.root + path})


def _kept_in_query(kept: Mapping[str, str]) -> str:
    """The filters of a list, to be followed by another parameter."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{query}&" if query else ""
