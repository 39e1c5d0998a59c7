"""Confirmation pages: what will happen, before it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from tenantry.console.texts.languages import Plural
from tenantry.console.user_pages import UserPage

Breadcrumb = tuple[str, str]
"""A path, and the translated name of the page there."""
NO_VALUES: Mapping[str, str] = {}


def confirm(
    page: UserPage,
    title: str,
    *sentences: str | Plural,
    button: str,
    breadcrumbs: Sequence[Breadcrumb],
    curl: str,
    values: Mapping[str, str] = NO_VALUES,
    is_final: bool = True,
    template: str = "layout/confirm.html",
    **context: Any,
) -> Response:
    """A page that asks for confirmation; its form is posted to the page's own address.

    Title, sentences and button are marked messages; `values` fill their placeholders. "Cancel"
    leads to the last of `breadcrumbs`. `is_final` is False for what can be undone. A `template`
    that extends confirm.html adds fields or an explanation.
    """
    translate = page.ctx.translate
    return page.render(
        template,
        title=translate(title, **values),
        sentences=[translate(each, **values) for each in sentences],
        button=translate(button),
        crumb=translate(button),
        breadcrumbs=breadcrumbs,
        curl=curl,
        is_final=is_final,
        **context,
    )
