"""Shapes of calls about api keys: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict

from tenantry_client.shapes.shared import RoleRef


class Holder(TypedDict):
    """The owner of a key: a member, or a service account."""

    type: Literal["user", "service_account"]
    id: str
    name: str


class ApiKey(TypedDict):
    """An API key without its secret; `hint` is the beginning of the newest secret."""

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
    """An API key with its secret, which is returned only once."""

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
