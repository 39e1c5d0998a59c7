"""Screen: a page of the console, declared: its URL, and who may come in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from starlette.responses import Response

from tenantry.authz.builtin_permissions import Permission
from tenantry.http.request import USUAL_BODY

Handler = Callable[[Any], Awaitable[Response]]


class Audience(Enum):
    """Who may come in where no organization is entered."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    OPERATORS = "operators"


@dataclass(frozen=True, slots=True)
class Screen:
    """One URL with what it shows and what it takes; both need the same permission."""

    path: str
    access: Audience | Permission
    shown: Handler
    posted: Handler | None = None
    link_token_path: str | None = None
    """Where the token of the letter is kept for that the page belongs to."""
    is_linked: bool = False
    """Whether an email's link leads here, with its token."""
    restores: bool = False
    """Whether its organization is a deleted one."""
    is_file: bool = False
    """Whether it is no page, but a file to be kept."""
    largest_form: int = USUAL_BODY
    """The most bytes that its form may have; more is not read."""

    def __post_init__(self) -> None:
        inside = self.path.startswith("/organizations/{org}")
        if inside != isinstance(self.access, Permission):
            raise ValueError(
                f"{self.path} is in an organization if and only if it needs a permission"
            )


def anyone(path: str, shown: Handler, posted: Handler | None = None) -> Screen:
    """A page for everybody; its handlers take a `Visit`."""
    return Screen(path, Audience.ANYONE, shown, posted)


def signed_in(path: str, shown: Handler, posted: Handler | None = None) -> Screen:
    """A page of who is signed in; its handlers take a `Guest`."""
    return Screen(path, Audience.SIGNED_IN, shown, posted)


def within(
    path: str,
    permission: Permission,
    shown: Handler,
    posted: Handler | None = None,
    *,
    restores: bool = False,
    is_file: bool = False,
    largest_form: int = USUAL_BODY,
) -> Screen:
    """A page of an organization; its handlers take a `Member`, and `path` is what follows the
    organization's own. One that `restores` is found for deleted organizations alone."""
    return Screen(
        "/organizations/{org}" + path,
        permission,
        shown,
        posted,
        restores=restores,
        is_file=is_file,
        largest_form=largest_form,
    )


def linked(path: str, shown: Handler, posted: Handler) -> Screen:
    """The page that an email's link leads to."""
    return Screen(path, Audience.ANYONE, shown, posted, link_token_path=path, is_linked=True)


def operated(path: str, shown: Handler, posted: Handler | None = None) -> Screen:
    """A page of who runs the service; its handlers take an `OperatingGuest`."""
    return Screen(path, Audience.OPERATORS, shown, posted)


class Screens:
    """All of them, by their paths."""

    def __init__(self, screens: tuple[Screen, ...]) -> None:
        self.all = screens
        self._by_path = {screen.path: screen for screen in screens}

    def at(self, path: str) -> Screen | None:
        """The page that is declared with this whole path."""
        return self._by_path.get(path)

    def permission_of(self, path: str) -> Permission | None:
        """What the page of an organization needs, by what follows the organization's own path;
        None where there is no such page."""
        screen = self._by_path.get("/organizations/{org}" + path)
        return screen.access if screen and isinstance(screen.access, Permission) else None
