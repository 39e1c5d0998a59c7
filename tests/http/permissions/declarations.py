"""Permissions of the product's own, declared and withdrawn by Olga."""

from typing import Any

import httpx2

from tests.support.cast import Cast
from tests.support.scene import new_permission

PERMISSIONS = "/api/v1/operator/permissions"


async def declare(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> httpx2.Response:
    """The answer to Olga, who declares a permission."""
    return await api.post(PERMISSIONS, json=body, headers=cast.olga.headers)


async def declared(api: httpx2.AsyncClient, cast: Cast, name: str = "", **body: Any) -> str:
    """The name of a permission that was declared."""
    name = name or new_permission()
    answer = await declare(api, cast, name=name, **body)
    assert answer.status_code == 201, answer.text
    return name


async def withdraw(api: httpx2.AsyncClient, cast: Cast, name: str) -> httpx2.Response:
    """The answer to Olga, who withdraws one."""
    return await api.delete(f"{PERMISSIONS}/{name}", headers=cast.olga.headers)
