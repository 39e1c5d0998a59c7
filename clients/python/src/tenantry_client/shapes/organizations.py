"""Shapes of calls about organizations: written from openapi.json, by `make openapi`."""

from typing import NotRequired, TypedDict


class OwnerDraft(TypedDict):
    """For whom it is: the account is made where the address has none."""

    email: str
    name: NotRequired[str | None]
