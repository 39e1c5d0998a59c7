"""GET /api/v1/organizations/{org_id}/members."""

import httpx2

from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.http.responses import ids, pointers
from tests.http.roles import custom
from tests.support.cast import Cast


async def members(api: httpx2.AsyncClient, cast: Cast, **query: str) -> httpx2.Response:
    """The members of Acme, as Vera is shown them."""
    return await api.get(f"{cast.acme_path}/members", params=query, headers=cast.vera.headers)


async def test_everybody_is_listed_with_role_and_workspaces(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    listed = (await members(api, cast)).json()["data"]

    assert [each["id"] for each in listed] == [
        who.member_id for who in (cast.alice, cast.dave, cast.vera)
    ]
    alice, dave, _ = listed
    assert alice["user"] == {"id": cast.alice.id, "email": cast.alice.actor.email, "name": "Alice"}
    assert (alice["role"]["key"], alice["status"]) == ("admin", "active")
    assert (alice["expires_at"], dave["workspaces"]) == (None, [])
    assert [each["workspace_id"] for each in alice["workspaces"]] == [cast.workspace_id]


async def test_an_address_finds_a_member_in_any_case(api: httpx2.AsyncClient, cast: Cast) -> None:
    email = cast.dave.actor.email

    assert ids(await members(api, cast, email=email.upper())) == [cast.dave.member_id]
    assert ids(await members(api, cast, email=cast.bob.actor.email)) == []


async def test_a_role_finds_its_members_by_key_and_by_id(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    (dave,) = (await members(api, cast, role="developer")).json()["data"]

    assert dave["id"] == cast.dave.member_id
    assert ids(await members(api, cast, role=dave["role"]["id"])) == [dave["id"]]
    assert ids(await members(api, cast, role="emperor")) == []
    assert ids(await members(api, cast, role="developer", email=cast.vera.actor.email)) == []


async def test_a_role_key_that_was_deleted_and_created_again_finds_the_members_of_today(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    old = await custom.made(api, cast, key="auditor")
    (await custom.end(api, cast, old)).raise_for_status()
    new = await custom.made(api, cast, key="auditor")
    await custom.hold(api, cast, cast.dave, new)

    assert ids(await members(api, cast, role="auditor")) == [cast.dave.member_id]
    assert ids(await members(api, cast, role=new["id"])) == [cast.dave.member_id]
    assert ids(await members(api, cast, role=old["id"])) == []
    of_dave = {"role": "auditor", "email": cast.dave.actor.email}
    assert ids(await members(api, cast, **of_dave)) == [cast.dave.member_id]
    page = await (await Hands.of(api, service, cast, cast.alice)).see("/people?role=auditor")
    assert cast.dave.member_id in page.text
    assert cast.vera.member_id not in page.text


async def test_what_is_no_address_and_no_role_is_refused(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    assert pointers(await members(api, cast, email="nobody")) == ["email"]
    for role in ("", "role_x", "Admin", "x" * 49):
        assert pointers(await members(api, cast, role=role)) == ["role"]


async def test_a_private_workspace_of_another_is_not_told_by_the_way(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    private = await api.post(
        f"{cast.acme_path}/workspaces",
        json={"name": "Secret", "visibility": "private"},
        headers=cast.dave.headers,
    )

    to_vera = await members(api, cast)
    to_alice = await api.get(f"{cast.acme_path}/members", headers=cast.alice.headers)

    assert private.json()["id"] not in to_vera.text
    assert private.json()["id"] in to_alice.text
