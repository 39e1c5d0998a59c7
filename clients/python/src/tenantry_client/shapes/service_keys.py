"""Shapes of calls about service keys: written from openapi.json, by `make openapi`."""

from typing import Literal, TypedDict


class IssuedServiceKey(TypedDict):
    """A service key with its secret, which is returned only once."""

    id: str
    name: str
    hint: str
    scopes: list[Literal["access:read"]]
    expires_at: str | None
    last_used_at: str | None
    created_at: str
    updated_at: str
    key: str


class ServiceKey(TypedDict):
    """A service key without its secret; `hint` is the beginning of the newest secret."""

    id: str
    name: str
    hint: str
    scopes: list[Literal["access:read"]]
    expires_at: str | None
    last_used_at: str | None
    created_at: str
    updated_at: str
