"""Shapes of calls about service accounts: written from openapi.json, by `make openapi`."""

from typing import TypedDict

from tenantry_client.shapes.shared import RoleRef


class ServiceAccount(TypedDict):
    """A non-human identity in an organization."""

    id: str
    organization_id: str
    name: str
    role: RoleRef
    workspace_id: str | None
    created_at: str
    updated_at: str
