"""All built-in permissions, and the rules for the names of a product's own permissions.

The API's catalog, the default roles, the console's labels, and what counts in a workspace (in
Python and in SQL) are derived from the definitions here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ADMIN, DEVELOPER, VIEWER = "admin", "developer", "viewer"
"""The keys of the default roles."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A built-in permission. Admin always has it; `held_by` names the other default roles."""

    name: str
    """`noun:verb`; the noun is a key of `NOUNS`."""
    description: str
    """A sentence for the API's catalog."""
    label: str
    """The same for the console, translated by its catalogs."""
    held_by: tuple[str, ...] = ()
    counts_in_workspace: bool = False
    """Whether a role in a workspace can grant it there."""
    is_offered: bool = True
    """False for a permission without effect yet: Admins have it, and new roles cannot get it."""


_ALL = (DEVELOPER, VIEWER)


class Permission(StrEnum):
    """Every permission that a route or a page can require."""

    definition: Definition

    def __new__(cls, definition: Definition) -> "Permission":
        """The value of each member is its name."""
        member = str.__new__(cls, definition.name)
        member._value_ = definition.name
        member.definition = definition
        return member

    ORGANIZATION_READ = Definition(
        "organization:read", "View the organization.", "View organization", _ALL
    )
    ORGANIZATION_UPDATE = Definition(
        "organization:update",
        "Edit the organization's name, slug, language and metadata.",
        "Edit name, slug and metadata",
    )
    ORGANIZATION_DELETE = Definition(
        "organization:delete",
        "Delete the organization, and restore it.",
        "Delete and restore organization",
    )
    MEMBER_READ = Definition(
        "member:read", "View the members and what they may do.", "View members", _ALL
    )
    MEMBER_INVITE = Definition(
        "member:invite", "Invite people, and view and revoke invitations.", "Invite people"
    )
    MEMBER_UPDATE = Definition(
        "member:update",
        "Change the roles and expiry of members, and suspend them.",
        "Change roles, suspend members",
    )
    MEMBER_REMOVE = Definition("member:remove", "Remove members.", "Remove members")
    ROLE_READ = Definition("role:read", "View the roles.", "View roles", _ALL)
    ROLE_MANAGE = Definition(
        "role:manage", "Create, change and delete roles.", "Create, edit and delete roles"
    )
    WORKSPACE_READ = Definition(
        "workspace:read",
        "View workspaces and their members.",
        "View workspaces",
        _ALL,
        counts_in_workspace=True,
    )
    WORKSPACE_CREATE = Definition(
        "workspace:create", "Create workspaces.", "Create workspaces", (DEVELOPER,)
    )
    WORKSPACE_UPDATE = Definition(
        "workspace:update",
        "Change workspaces, archive and unarchive them.",
        "Edit and archive workspaces",
        (DEVELOPER,),
        counts_in_workspace=True,
    )
    WORKSPACE_DELETE = Definition(
        "workspace:delete", "Delete workspaces.", "Delete workspaces", counts_in_workspace=True
    )
    WORKSPACE_MANAGE_MEMBERS = Definition(
        "workspace:manage_members",
        "Grant and revoke roles in workspaces.",
        "Manage workspace members",
        counts_in_workspace=True,
    )
    EVENT_READ = Definition("event:read", "View the audit log.", "View audit log")
    WEBHOOK_MANAGE = Definition(
        "webhook:manage", "Manage webhooks.", "Manage webhooks", is_offered=False
    )
    API_KEY_MANAGE = Definition(
        "api_key:manage", "Manage API keys and service accounts.", "Manage API keys"
    )


NOUNS = {
    "organization": "Organization",
    "member": "Members",
    "role": "Roles",
    "workspace": "Workspaces",
    "event": "Events",
    "webhook": "Webhooks",
    "api_key": "API keys",
}
"""The console's heading for the permissions of each noun."""

BUILT_IN = [permission.value for permission in Permission]
"""The names of all built-in permissions, in the order of the catalog."""
OFFERED = [permission for permission in Permission if permission.definition.is_offered]
NOT_OFFERED = frozenset(BUILT_IN).difference(OFFERED)
RESERVED_NOUNS = NOUNS.keys() | {
    *("access", "invitation", "operator", "permission", "service_account", "session"),
    *("tenantry", "user"),
}
"""Nouns that no permission of a product may begin with."""

NAME_PATTERN = "[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}"
PRODUCT_PATTERN = f"^(?!({'|'.join(sorted(RESERVED_NOUNS))}):){NAME_PATTERN}$"
"""The names of a product's own permissions: `noun:verb` with a noun that is not reserved."""

_PRODUCT = re.compile(PRODUCT_PATTERN.removesuffix("$"))
_IN_WORKSPACE = frozenset(each.value for each in Permission if each.definition.counts_in_workspace)


def is_permission(text: str) -> bool:
    """Whether this is the name of a built-in permission, or could be a product's."""
    return text in BUILT_IN or is_product_permission(text)


def is_product_permission(text: str) -> bool:
    return _PRODUCT.fullmatch(text) is not None


def product_permissions(permissions: Iterable[str]) -> list[str]:
    """The permissions that are not built in, without duplicates, sorted by name."""
    return sorted(set(permissions).difference(BUILT_IN))


def in_order(permissions: Iterable[str]) -> list[str]:
    """The built-in ones in the order of the catalog, then the product's, without duplicates."""
    given = set(permissions)
    return [*(each for each in BUILT_IN if each in given), *product_permissions(given)]


def counting_in_workspace(permissions: Iterable[str]) -> list[str]:
    """The permissions that a role grants if a member has it in a workspace only.

    A product's own are among them. `directory.counts_in_workspace` decides the same in SQL.
    """
    return [
        each for each in permissions if each in _IN_WORKSPACE or each.partition(":")[0] not in NOUNS
    ]


def effective_permissions(
    permissions: Iterable[str], in_workspace: Iterable[str] | None = None
) -> frozenset[str]:
    """The permissions in a workspace of a role in the organization and a role in the workspace."""
    return frozenset(permissions).union(counting_in_workspace(in_workspace or ()))
