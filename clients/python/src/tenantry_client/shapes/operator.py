"""Shapes of calls about operator: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict


class OrganizationCounts(TypedDict):
    """The size of an organization."""

    members: int
    workspaces: int


class OperatedOrganization(TypedDict):
    """An organization as operators see it; `status_reason` is the reason of the last change by
    an operator.
    """

    id: str
    name: str
    slug: str
    kind: Literal["personal", "team"]
    counts: OrganizationCounts
    created_at: str
    deleted_at: str | None
    disabled_at: str | None
    status_reason: str | None


class OperatedUser(TypedDict):
    """A user as operators see them; `status_reason` is the reason of the last change by an
    operator.
    """

    id: str
    email: str
    email_verified: bool
    created_at: str
    disabled_at: str | None
    status_reason: str | None


class PermissionUses(TypedDict):
    """How many roles have the permission, in how many organizations."""

    roles: int
    organizations: int


class ProductPermission(TypedDict):
    """A permission that the product declared."""

    name: str
    description: str
    uses: PermissionUses
    created_at: str
    updated_at: str


class ProductPermissions(TypedDict):
    """All of the product's permissions, by name."""

    data: list[ProductPermission]


class UnsentEmail(TypedDict):
    """A queued or failed email. An organization's shows only the domain of its `recipient`."""

    id: str
    organization_id: str | None
    recipient: str
    state: Literal["queued", "failed"]
    attempts: int
    last_error: str
    can_be_requeued: bool
    created_at: str
    next_attempt_at: str | None
    failed_at: str | None
