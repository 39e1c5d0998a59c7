"""Shapes of calls about workspace members: written from openapi.json, by `make openapi`."""

from typing import TypedDict

from tenantry_client.shapes.shared import MemberUser, RoleRef


class WorkspaceMember(TypedDict):
    """A member with a role in one workspace; `id` is their id in the organization."""

    id: str
    organization_id: str
    workspace_id: str
    user: MemberUser
    role: RoleRef
    created_at: str
    updated_at: str
