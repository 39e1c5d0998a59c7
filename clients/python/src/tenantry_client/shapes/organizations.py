"""Shapes of calls about organizations: written from openapi.json, by `make openapi`."""

from typing import NotRequired, TypedDict


class OwnerDraft(TypedDict):
    """The owner; an account is created if the address has none."""

    email: str
    name: NotRequired[str | None]
