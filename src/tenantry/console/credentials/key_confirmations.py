"""Confirmations that API keys and service keys share."""

from collections.abc import Sequence

from starlette.responses import Response

from tenantry.console.forms.confirmation import Breadcrumb, confirm
from tenantry.console.texts.languages import mark
from tenantry.console.user_pages import UserPage


def confirm_rotation(
    page: UserPage, name: str, breadcrumbs: Sequence[Breadcrumb], curl: str
) -> Response:
    return confirm(
        page,
        mark("Rotate {name}?"),
        mark(
            "You'll get a new secret. The current one keeps working for one day, so you can "
            "replace it."
        ),
        values={"name": name},
        button=mark("Rotate key"),
        breadcrumbs=breadcrumbs,
        curl=curl,
        is_final=False,
    )


def confirm_revocation(
    page: UserPage, name: str, breadcrumbs: Sequence[Breadcrumb], curl: str
) -> Response:
    return confirm(
        page,
        mark("Revoke {name}?"),
        mark("Programs using this key lose access immediately. This cannot be undone."),
        values={"name": name},
        button=mark("Revoke key"),
        breadcrumbs=breadcrumbs,
        curl=curl,
    )
