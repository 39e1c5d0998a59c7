"""Navigation: the entries that exist and that the user may open."""

from collections.abc import Callable
from dataclasses import dataclass

from tenantry.console.texts.languages import mark

# By the path that follows the organization's own.
_ORGANIZATION_ENTRIES = (
    ("", mark("Overview")),
    ("/people", mark("Members")),
    ("/workspaces", mark("Workspaces")),
    ("/roles", mark("Roles")),
    ("/keys", mark("API keys")),
    ("/events", mark("Audit log")),
    ("/settings", mark("Settings")),
    ("/developer", mark("Developers")),
)

# Of the user's account, by their whole paths.
_ACCOUNT_ENTRIES = (
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
    is_current: bool


def organization_entries(
    base: str, path: str, can_open: Callable[[str], bool]
) -> list[NavigationItem]:
    """For an organization whose pages are under `base`, seen from `path`."""
    return [
        NavigationItem(base + entry, label, _is_current(base + entry, path, is_root=not entry))
        for entry, label in _ORGANIZATION_ENTRIES
        if can_open(entry)
    ]


def _is_current(entry: str, path: str, *, is_root: bool = False) -> bool:
    return path == entry or (not is_root and path.startswith(f"{entry}/"))


def account_entries(path: str, exists: Callable[[str], bool]) -> list[NavigationItem]:
    """Of several that contain `path`, the longest is the current one."""
    known = [(entry, label) for entry, label in _ACCOUNT_ENTRIES if exists(entry)]
    current = max((entry for entry, _ in known if _is_current(entry, path)), key=len, default="")
    return [NavigationItem(entry, label, entry == current) for entry, label in known]
