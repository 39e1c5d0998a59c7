"""Permissions: what a role may allow, as `noun:verb`; ours, and how the product's own are named."""

import re
from collections.abc import Iterable
from enum import StrEnum


class Permission(StrEnum):
    """Everything that a route may need."""

    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_UPDATE = "organization:update"
    ORGANIZATION_DELETE = "organization:delete"
    MEMBER_READ = "member:read"
    MEMBER_INVITE = "member:invite"
    MEMBER_UPDATE = "member:update"
    MEMBER_REMOVE = "member:remove"
    ROLE_READ = "role:read"
    ROLE_MANAGE = "role:manage"
    WORKSPACE_READ = "workspace:read"
    WORKSPACE_CREATE = "workspace:create"
    WORKSPACE_UPDATE = "workspace:update"
    WORKSPACE_DELETE = "workspace:delete"
    WORKSPACE_MANAGE_MEMBERS = "workspace:manage_members"
    EVENT_READ = "event:read"
    WEBHOOK_MANAGE = "webhook:manage"
    API_KEY_MANAGE = "api_key:manage"

    @property
    def counts_in_workspace(self) -> bool:
        """Whether a role that is held in one workspace alone can give it."""
        return self.value.startswith("workspace:") and self is not Permission.WORKSPACE_CREATE

    @property
    def described(self) -> str:
        """What it allows, in a sentence for those who make roles."""
        return _DESCRIBED[self]


_DESCRIBED = {
    Permission.ORGANIZATION_READ: "See the organization.",
    Permission.ORGANIZATION_UPDATE: "Change its name, slug, language and metadata.",
    Permission.ORGANIZATION_DELETE: "Delete the organization, and restore it.",
    Permission.MEMBER_READ: "See the members, and what they may do.",
    Permission.MEMBER_INVITE: "Invite people, and see and revoke invitations.",
    Permission.MEMBER_UPDATE: "Change the roles of members, suspend them, set when they end.",
    Permission.MEMBER_REMOVE: "Remove members.",
    Permission.ROLE_READ: "See the roles.",
    Permission.ROLE_MANAGE: "Make, change and delete roles.",
    Permission.WORKSPACE_READ: "See workspaces and who belongs to them.",
    Permission.WORKSPACE_CREATE: "Make workspaces.",
    Permission.WORKSPACE_UPDATE: "Change workspaces, archive and unarchive them.",
    Permission.WORKSPACE_DELETE: "Delete workspaces.",
    Permission.WORKSPACE_MANAGE_MEMBERS: "Give and take roles in workspaces.",
    Permission.EVENT_READ: "Read what happened.",
    Permission.WEBHOOK_MANAGE: "Manage webhooks.",
    Permission.API_KEY_MANAGE: "Manage API keys and service accounts.",
}
NOT_YET = frozenset({Permission.WEBHOOK_MANAGE.value})
"""Permissions that have no effect yet: known, and held by Admins, so that roles need no change
later, but not offered."""
OFFERED = [permission for permission in Permission if permission.value not in NOT_YET]
"""The permissions that are offered for roles."""
OURS = [permission.value for permission in Permission]
"""The catalog of the service itself, in its order."""

_OUR_NOUNS = frozenset(name.partition(":")[0] for name in OURS)
RESERVED_NOUNS = _OUR_NOUNS | {
    *("access", "invitation", "operator", "permission", "service_account", "session"),
    *("tenantry", "user"),
}
"""Nouns that no permission of a product begins with: they are ours, now or one day."""

NAME_PATTERN = "[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}"
PRODUCT_PATTERN = f"^(?!({'|'.join(sorted(RESERVED_NOUNS))}):){NAME_PATTERN}$"
"""How a product may call its own: `noun:verb`, the noun none that is reserved."""

_PRODUCT = re.compile(PRODUCT_PATTERN.removesuffix("$"))
_ORGANIZATION_WIDE = frozenset(each.value for each in Permission if not each.counts_in_workspace)


def is_permission(text: str) -> bool:
    """Whether a permission could be called so, declared or not: one of ours, or a product's."""
    return text in OURS or is_product_permission(text)


def is_product_permission(text: str) -> bool:
    """Whether a product may call a permission so."""
    return _PRODUCT.fullmatch(text) is not None


def of_product(permissions: Iterable[str]) -> list[str]:
    """Those that are none of ours, each once, in order."""
    return sorted(set(permissions).difference(OURS))


def in_order(permissions: Iterable[str]) -> list[str]:
    """Each once: ours in the order of the catalog, then the product's by name."""
    given = set(permissions)
    return [*(each for each in OURS if each in given), *of_product(given)]


def counting_in_workspace(permissions: Iterable[str]) -> list[str]:
    """Of a role's permissions, those that it gives where it is held in one workspace alone.

    A product's own count. The directory's function of the same name says the same in SQL.
    """
    return [each for each in permissions if each not in _ORGANIZATION_WIDE]
