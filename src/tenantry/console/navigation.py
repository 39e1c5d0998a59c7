"""Navigation: where one can go from a page, as far as there is something and one may go there."""

from collections.abc import Callable
from dataclasses import dataclass

from tenantry.console.texts.languages import mark

# What follows the organization's own path. A place is shown as soon as a screen stands there.
PLACES = (
    ("", mark("Overview")),
    ("/people", mark("Members")),
    ("/workspaces", mark("Workspaces")),
    ("/roles", mark("Roles")),
    ("/keys", mark("API keys")),
    ("/events", mark("Audit log")),
    ("/settings", mark("Settings")),
    ("/developer", mark("Developers")),
)

# Of one's own account, by their whole paths.
ACCOUNT_PLACES = (
    ("/account", mark("Your account")),
    ("/account/sessions", mark("Your sessions")),
    ("/account/invitations", mark("Your invitations")),
    ("/operator", mark("Administration")),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the navigation."""

    path: str
    label: str
    is_here: bool


def places(base: str, ctx: str, can_open: Callable[[str], bool]) -> list[NavigationItem]:
    """The entries for an organization whose pages stand under `base`, seen from the path `here`."""
    return [
        NavigationItem(base + path, label, _is_here(base + path, ctx, is_root=not path))
        for path, label in PLACES
        if can_open(path)
    ]


def _is_here(path: str, ctx: str, *, is_root: bool = False) -> bool:
    return ctx == path or (not is_root and ctx.startswith(f"{path}/"))


def account_places(ctx: str, exists: Callable[[str], bool]) -> list[NavigationItem]:
    """The entries of one's own account; of several under which one stands, the nearest counts."""
    known = [(path, label) for path, label in ACCOUNT_PLACES if exists(path)]
    nearest = max((path for path, _ in known if _is_here(path, ctx)), key=len, default="")
    return [NavigationItem(path, label, path == nearest) for path, label in known]
