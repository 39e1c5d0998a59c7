"""Who may call a key something else."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tests.http.responses import told
from tests.http.roles.custom import made as custom_role
from tests.support.cast import Cast, Player, join


async def made(api: httpx2.AsyncClient, cast: Cast, by: Player, what: str, **body: Any) -> str:
    """The path of a key or a service account of Acme's."""
    path = f"{cast.acme_path}/{what}"
    answer = await api.post(path, json={"name": "Deploy", **body}, headers=by.headers)
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['id']}"


async def test_a_key_above_one_s_own_role_keeps_its_name(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    role = await custom_role(api, cast, permissions=["api_key:manage", "role:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    account = await made(api, cast, cast.alice, "service-accounts", role="admin")
    robots = {"service_account_id": account.rpartition("/")[2]}
    named = {"name": "Unused: revoke me"}
    for body in ({"role": "admin"}, robots):
        above = await made(api, cast, cast.alice, "api-keys", **body)
        refused = await api.patch(above, json=named, headers=bob.headers)
        assert told(refused) == (403, "cannot_grant_role")
        shown = await api.get(above, headers=bob.headers)
        assert shown.json()["name"] == "Deploy"


async def test_a_member_renames_their_own_key_and_those_below(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    role = await custom_role(api, cast, permissions=["api_key:manage", "role:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    key = await made(api, cast, bob, "api-keys", role=role["key"])
    for who in (bob, cast.alice):
        answer = await api.patch(key, json={"name": who.actor.name}, headers=who.headers)
        assert (answer.status_code, answer.json()["name"]) == (200, who.actor.name)
