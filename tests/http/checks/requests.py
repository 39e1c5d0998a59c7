"""Asking for access in tests, through the API."""

from typing import Any

import httpx2

from tests.support.cast import Cast, Player

CHECK = "/api/v1/check"
BATCH = f"{CHECK}/batch"
STRANGER: dict[str, Any] = {
    "allowed": False,
    "explanation": {
        "allowed_by": [],
        "missing": "membership",
        "membership": None,
        "role": None,
        "workspace": None,
    },
    "revision": None,
}
"""What a stranger is told, of whatever organization."""


def acme(cast: Cast) -> str:
    """Acme's id."""
    return cast.acme_path.rpartition("/")[2]


async def ask(
    api: httpx2.AsyncClient, by: Player, org_id: str, permission: str, **more: Any
) -> httpx2.Response:
    """The answer to somebody who asks."""
    body = {"organization_id": org_id, "permission": permission, **more}
    return await api.post(CHECK, json=body, headers=by.headers)


async def told(
    api: httpx2.AsyncClient, by: Player, org_id: str, permission: str, **more: Any
) -> Any:
    """What they are told."""
    answer = await ask(api, by, org_id, permission, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def missing(
    api: httpx2.AsyncClient, by: Player, org_id: str, permission: str, **more: Any
) -> str | None:
    """The first link that is missing; None where it is allowed."""
    decision = await told(api, by, org_id, permission, **more)
    assert decision["allowed"] is (decision["explanation"]["missing"] is None)
    return decision["explanation"]["missing"]
