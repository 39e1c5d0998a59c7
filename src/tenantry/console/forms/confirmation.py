"""Confirming: a page that asks once more before something is done, and names what goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from tenantry.console.texts.languages import Plural
from tenantry.console.user_pages import UserPage

Breadcrumb = tuple[str, str]
"""A path, and the name of the page there, in the reader's words."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is asked before it is done. Sentences are marked ones; `values` are put into them."""

    title: str
    words: Sequence[str | Plural]
    """What would happen, and what cannot be had back."""
    button: str
    breadcrumbs: Sequence[Breadcrumb]
    """Where the page stands; the last way is also the one back, and nothing happens."""
    curl: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    is_final: bool = True
    """Whether something goes that cannot simply be had back: the button looks so."""


def confirm(
    page: UserPage, asked: Confirmation, *, template: str = "layout/confirm.html", **context: Any
) -> Response:
    """The page that asks; its form is posted to the page's own address.

    A `template` of its own, which extends confirm.html, asks for something besides.
    """
    return page.render(template, asked=asked, curl=asked.curl, **context)
