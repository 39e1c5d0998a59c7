"""Shapes of calls about api keys: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict

from tenantry_client.shapes.shared import RoleRef


class Holder(TypedDict):
    """Whose a key is: a member's own, or a service account's."""

    type: Literal["user", "service_account"]
    id: str
    name: str


class ApiKey(TypedDict):
    """A key without its secret; `hint` is how the newest one begins."""

    id: str
    organization_id: str
    name: str
    hint: str
    owner: Holder
    role: RoleRef
    workspace_id: str | None
    expires_at: str | None
    last_used_at: str | None
    created_at: str
    updated_at: str


class IssuedApiKey(TypedDict):
    """A key with its secret, which is shown this once."""

    id: str
    organization_id: str
    name: str
    hint: str
    owner: Holder
    role: RoleRef
    workspace_id: str | None
    expires_at: str | None
    last_used_at: str | None
    created_at: str
    updated_at: str
    key: str
