"""GET /api/v1/organizations/{org_id}/workspaces/{workspace_id}/members."""

import httpx2

from tests.http.responses import ids, told
from tests.http.workspace_members.calls import members_of, put
from tests.http.workspaces.calls import made
from tests.support.cast import Cast


async def test_who_holds_a_role_there_is_listed_with_it(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast, cast.dave)
    vera = (await put(api, cast, lab, cast.vera, "viewer")).json()

    answer = await api.get(members_of(cast, lab), headers=cast.vera.headers)

    dave, second = answer.json()["data"]
    assert second == vera
    assert dave["id"] == cast.dave.member_id
    assert dave["user"] == {"id": cast.dave.id, "email": cast.dave.actor.email, "name": "Dave"}
    assert dave["role"]["key"] == "admin"
    assert dave["workspace_id"] == lab["id"]
    assert dave["organization_id"] == lab["organization_id"]
    assert dave["updated_at"] == dave["created_at"]


async def test_it_comes_in_pages_either_way(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast, cast.dave)
    for who in (cast.vera, cast.alice):
        await put(api, cast, lab, who, "viewer")
    everybody = [who.member_id for who in (cast.alice, cast.dave, cast.vera)]

    for order, expected in (("asc", everybody), ("desc", everybody[::-1])):
        path, found, after = members_of(cast, lab), list[str](), dict[str, str]()
        for _ in expected:
            query = {"limit": "1", "order": order, **after}
            answer = await api.get(path, params=query, headers=cast.dave.headers)
            found += ids(answer)
            after = {"after": answer.json()["list_metadata"]["after"]}
        assert found == expected
        assert after == {"after": None}


async def test_those_of_a_private_one_are_no_one_elses_business(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    vault = await made(api, cast, cast.dave, visibility="private")
    path = members_of(cast, vault)

    assert told(await api.get(path, headers=cast.vera.headers)) == (404, "not_found")
    for who in (cast.dave, cast.alice):
        assert ids(await api.get(path, headers=who.headers)) == [cast.dave.member_id]
