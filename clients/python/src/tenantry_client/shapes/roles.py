"""Shapes of calls about roles: written from openapi.json, by `make openapi`."""

from typing import TypedDict


class Role(TypedDict):
    """A named set of permissions."""

    id: str
    organization_id: str
    key: str
    name: str
    description: str
    permissions: list[str]
    is_default: bool
    created_at: str
    updated_at: str
