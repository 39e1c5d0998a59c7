"""Shapes that stand inside of others: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict


class RoleRef(TypedDict):
    """A role, inside another resource."""

    id: str
    key: str
    name: str


class WorkspacePermissions(TypedDict):
    """A user's permissions in one workspace, from their roles in the organization and the
    workspace.
    """

    workspace_id: str
    archived: bool
    role: RoleRef | None
    permissions: list[str]


class EffectivePermissions(TypedDict):
    """A user's permissions in an organization and in each workspace that they can see."""

    organization_id: str
    member_id: str
    user_id: str
    role: RoleRef
    permissions: list[str]
    workspaces: list[WorkspacePermissions]
    workspaces_count: int
    more_workspaces: str | None
    revision: int


class Inviter(TypedDict):
    """Who sent the invitation."""

    id: str
    name: str


class MemberUser(TypedDict):
    """A person as other members see them."""

    id: str
    email: str
    name: str


class WorkspaceGrant(TypedDict):
    """A role in one workspace."""

    workspace_id: str
    role: RoleRef


class Member(TypedDict):
    """A member of an organization."""

    id: str
    organization_id: str
    user: MemberUser
    role: RoleRef
    status: Literal["active", "suspended"]
    workspaces: list[WorkspaceGrant]
    workspaces_count: int
    more_workspaces: str | None
    expires_at: str | None
    created_at: str
    updated_at: str


class Named(TypedDict):
    """Something that is shown by its name only."""

    name: str


class Organization(TypedDict):
    """An organization; `role` is the caller's."""

    id: str
    name: str
    slug: str
    kind: Literal["personal", "team"]
    locale: str
    metadata: dict[str, str]
    default_workspace_id: str
    role: RoleRef
    created_at: str
    updated_at: str


class User(TypedDict):
    """A person."""

    id: str
    email: str
    email_verified: bool
    name: str
    created_at: str
    updated_at: str


class Workspace(TypedDict):
    """A workspace; `role` is the caller's role in it, if they have one."""

    id: str
    organization_id: str
    name: str
    slug: str
    description: str
    is_default: bool
    visibility: Literal["organization", "private"]
    metadata: dict[str, str]
    role: RoleRef | None
    archived_at: str | None
    created_at: str
    updated_at: str
