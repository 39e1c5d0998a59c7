"""Permissions: what a role may allow, as `noun:verb`."""

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


_ORGANIZATION_WIDE = frozenset(each.value for each in Permission if not each.counts_in_workspace)


def counting_in_workspace(permissions: Iterable[str]) -> list[str]:
    """Of a role's permissions, those that it gives where it is held in one workspace alone."""
    return [each for each in permissions if each not in _ORGANIZATION_WIDE]
