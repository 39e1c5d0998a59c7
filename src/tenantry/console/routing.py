"""Declarations of pages: the path, and who may see it, as decorators of their handlers.

@organization_page("/people/{member_id}/edit", Permission.MEMBER_UPDATE)
async def edit(page: OrganizationPage) -> Response: ...

@edit.post
async def update(page: OrganizationPage) -> Response: ...
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.operator_page import OperatorPage
from tenantry.console.page_context import PageContext
from tenantry.console.screens import ORGANIZATION, Screen
from tenantry.console.user_pages import OrganizationPage, UserPage
from tenantry.http.access import Requirement
from tenantry.http.request import USUAL_BODY

P = TypeVar("P")
Declaration = Callable[[Callable[[P], Awaitable[Response]]], Screen]
"""Decorates the handler that shows a page."""


def public_page(path: str, *, is_for_development: bool = False) -> Declaration[PageContext]:
    """A page for everyone."""
    return lambda get: Screen(path, Requirement.ANYONE, get, is_for_development=is_for_development)


def link_page(path: str, *, opened_at: str = "") -> Declaration[PageContext]:
    """A page that an email's link leads to; or that needs the token of the one `opened_at`."""
    return lambda get: Screen(
        path, Requirement.ANYONE, get, link_token_path=opened_at or path, is_linked=not opened_at
    )


def user_page(path: str) -> Declaration[UserPage]:
    """A page for everyone who is signed in."""
    return lambda get: Screen(path, Requirement.SIGNED_IN, get)


def operator_page(path: str) -> Declaration[OperatorPage]:
    """A page for operators of the service."""
    return lambda get: Screen(path, Requirement.OPERATOR, get)


def organization_page(
    path: str,
    permission: Permission,
    *,
    restores: bool = False,
    is_file: bool = False,
    largest_form: int = USUAL_BODY,
) -> Declaration[OrganizationPage]:
    """A page of an organization, for members with the permission; `path` follows the
    organization's own. One that `restores` is found for deleted organizations only."""
    return lambda get: Screen(
        ORGANIZATION + path,
        permission,
        get,
        restores=restores,
        is_file=is_file,
        largest_form=largest_form,
    )
