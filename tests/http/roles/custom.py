"""Roles of Acme's own, made and ended as somebody does it."""

from typing import Any

import httpx2

from tests.support.cast import Cast, Player

Role = dict[str, Any]


def path(cast: Cast, role: Role) -> str:
    """Where it is."""
    return f"{cast.acme_path}/roles/{role['id']}"


async def create(
    api: httpx2.AsyncClient, cast: Cast, by: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who makes a role."""
    sent = {"name": "Auditor", "permissions": ["event:read"], **body}
    headers = (by or cast.alice).headers
    return await api.post(f"{cast.acme_path}/roles", json=sent, headers=headers)


async def made(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> Role:
    """The role that was made."""
    answer = await create(api, cast, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def default(api: httpx2.AsyncClient, cast: Cast, key: str) -> Role:
    """One of the three that were there from the start."""
    listed = await api.get(f"{cast.acme_path}/roles", headers=cast.alice.headers)
    (role,) = [each for each in listed.json()["data"] if each["key"] == key]
    return role


async def change(
    api: httpx2.AsyncClient, cast: Cast, role: Role, by: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who changes a role, whichever version it has."""
    headers = {**(by or cast.alice).headers, "If-Match": "*"}
    return await api.patch(path(cast, role), json=body, headers=headers)


async def end(
    api: httpx2.AsyncClient,
    cast: Cast,
    role: Role,
    replacement: Role | None = None,
    by: Player | None = None,
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who deletes a role."""
    query = {"replace_with": replacement["id"]} if replacement else {}
    return await api.delete(path(cast, role), params=query, headers=(by or cast.alice).headers)


async def hold(api: httpx2.AsyncClient, cast: Cast, who: Player, role: Role) -> None:
    """Give a member a role in Acme."""
    answer = await api.patch(
        f"{cast.acme_path}/members/{who.member_id}",
        json={"role": role["id"]},
        headers=cast.alice.headers,
    )
    assert answer.status_code == 200, answer.text
