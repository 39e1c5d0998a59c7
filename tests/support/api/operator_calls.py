"""What operators do in tests, through the API."""

import httpx2

from tests.support.cast import Cast, Player

OPERATOR = "/api/v1/operator"
REASON = "Unpaid since June"


def org_path(cast: Cast) -> str:
    """Acme, as operators reach it."""
    return f"{OPERATOR}/organizations/{cast.acme_path.rpartition('/')[2]}"


def user_path(who: Player) -> str:
    """Somebody, as operators reach them."""
    return f"{OPERATOR}/users/{who.id}"


async def turn(
    api: httpx2.AsyncClient, path: str, act: str, by: Player, reason: str = REASON
) -> httpx2.Response:
    """The response to an operator who disables or enables what is at a path."""
    return await api.post(f"{path}/{act}", json={"reason": reason}, headers=by.headers)
