"""Screens: the pages of the console, by path."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Access
from tenantry.http.request import USUAL_BODY

Handler = Callable[[Any], Awaitable[Response]]
H = TypeVar("H", bound=Handler)

ORGANIZATION = "/organizations/{org}"


@dataclass(slots=True)
class Screen:
    """One URL: the handler that shows it, and the one that takes its form, with one permission."""

    path: str
    access: Access
    get: Handler
    submit: Handler | None = None
    link_token_path: str | None = None
    """Where the browser keeps the token of the email's link that leads to the page."""
    is_linked: bool = False
    """Whether an email's link leads here, with its token."""
    restores: bool = False
    """Whether its organization is a deleted one."""
    is_file: bool = False
    """Whether it answers with a download."""
    is_for_development: bool = False
    """Whether it exists only where emails are caught instead of sent."""
    largest_form: int = USUAL_BODY
    """The most bytes of its form that are read."""

    def __post_init__(self) -> None:
        if self.path.startswith(ORGANIZATION) != isinstance(self.access, Permission):
            raise ValueError(
                f"{self.path} is in an organization if and only if it needs a permission"
            )

    def post(self, handler: H) -> H:
        """Decorates the handler of the form that is posted to the same path."""
        self.submit = handler
        return handler


class Screens:
    """All pages by path; a literal segment matches before a parameter."""

    def __init__(self, screens: Iterable[Screen]) -> None:
        self.all = sorted(screens, key=lambda screen: _precedence(screen.path))
        self._by_path = {screen.path: screen for screen in self.all}
        if len(self._by_path) != len(self.all):
            raise ValueError("two pages are declared with the same path")

    def at(self, path: str) -> Screen | None:
        return self._by_path.get(path)

    def permission_of(self, path: str) -> Permission | None:
        """What a page of an organization needs, by the path that follows the organization's own;
        None where there is no such page."""
        screen = self._by_path.get(ORGANIZATION + path)
        return screen.access if screen and isinstance(screen.access, Permission) else None


def _precedence(path: str) -> list[tuple[bool, str]]:
    return [(segment.startswith("{"), segment) for segment in path.split("/")]
