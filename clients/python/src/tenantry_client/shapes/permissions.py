"""Shapes of calls about permissions: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict


class Permission(TypedDict):
    """A permission; `in_workspace` says whether a workspace role can give it."""

    name: str
    description: str
    declared_by: Literal["service", "product"]
    in_workspace: bool


class PermissionCatalog(TypedDict):
    """All permissions: built-in ones first, then the product's by name."""

    data: list[Permission]
