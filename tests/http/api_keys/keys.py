"""Keys of Acme, made over HTTP."""

from typing import Any

import httpx2

from tests.support.cast import Cast, Player


async def key(
    api: httpx2.AsyncClient, cast: Cast, by: Player | None = None, **body: Any
) -> dict[str, Any]:
    """A key; of somebody's own as Viewer, where nothing else is said."""
    sent = {
        "name": "Deploy",
        **({} if "service_account_id" in body else {"role": "viewer"}),
        **body,
    }
    made = await api.post(
        f"{cast.acme_path}/api-keys", json=sent, headers=(by or cast.alice).headers
    )
    assert made.status_code == 201, made.text
    return made.json()


async def account(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> dict[str, Any]:
    """A service account; a Viewer, where nothing else is said."""
    made = await api.post(
        f"{cast.acme_path}/service-accounts",
        json={"name": "Robot", "role": "viewer", **body},
        headers=cast.alice.headers,
    )
    assert made.status_code == 201, made.text
    return made.json()


def bearing(made: dict[str, Any]) -> dict[str, str]:
    """The headers of a call that bears a key."""
    return {"Authorization": f"Bearer {made['key']}"}


async def is_alive(api: httpx2.AsyncClient, cast: Cast, made: dict[str, Any]) -> bool:
    """Whether Acme lets a key in that nothing binds to a workspace."""
    answer = await api.get(f"{cast.acme_path}/roles", headers=bearing(made))
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200
