"""Shapes of calls about permissions: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict


class Permission(TypedDict):
    """What a role may allow; `in_workspace` tells whether a role in one workspace can give it."""

    name: str
    description: str
    declared_by: Literal["service", "product"]
    in_workspace: bool


class PermissionCatalog(TypedDict):
    """All of them: ours first, then the product's by name."""

    data: list[Permission]
