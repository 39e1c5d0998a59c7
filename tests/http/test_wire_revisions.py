"""Tenantry-Revision: every change of access says its place in the order of all changes."""

from typing import Any

import httpx2

from tenantry.kit.ids import Kind, parse
from tests.support.cast import Cast
from tests.support.scene import Scene

HEADER = "tenantry-revision"


def revision(answer: httpx2.Response) -> int:
    """The revision that an act answered with."""
    assert answer.is_success, answer.text
    return int(answer.headers[HEADER])


def stored(scene: Scene, org_id: str) -> int:
    """The revision as it is in the table."""
    row = scene.admin.execute(
        "select revision from organizations where org_id = %s", [parse(Kind.ORGANIZATION, org_id)]
    ).fetchone()
    assert row is not None
    return row[0]


async def test_every_change_of_access_brings_a_greater_revision(scene: Scene) -> None:
    cast, api = scene.cast, scene.api
    acme, headers = cast.acme_path, cast.alice.headers
    seen = [1]

    async def act(method: str, path: str, body: Any = None, **more: str) -> httpx2.Response:
        answer = await api.request(method, f"{acme}{path}", json=body, headers={**headers, **more})
        seen.append(revision(answer))
        assert seen[-1] == stored(scene, acme.rpartition("/")[2])
        return answer

    role = (await act("POST", "/roles", {"name": "Auditor", "permissions": []})).json()["id"]
    await act("PATCH", f"/roles/{role}", {"permissions": ["event:read"]}, **{"If-Match": "*"})
    await act("PATCH", f"/members/{cast.vera.member_id}", {"role": role})
    lab = (await act("POST", "/workspaces", {"name": "Lab"})).json()["id"]
    place = f"/workspaces/{lab}/members/{cast.vera.member_id}"
    await act("PUT", place, {"role": "developer"})
    await act("PATCH", f"/workspaces/{lab}", {"visibility": "private"})
    await act("POST", f"/workspaces/{lab}/archive")
    await act("POST", f"/workspaces/{lab}/unarchive")
    await act("DELETE", place)
    await act("DELETE", f"/workspaces/{lab}")
    await act("DELETE", f"/members/{cast.vera.member_id}")
    await act("DELETE", "")
    await act("POST", "/restore")

    assert seen == sorted(set(seen))


async def test_creating_and_joining_return_the_revision(scene: Scene) -> None:
    cast, api = scene.cast, scene.api
    founded = await api.post(
        "/api/v1/organizations", json={"name": "New"}, headers=cast.charlie.headers
    )
    token = await scene.invited(cast.charlie.actor.email)
    before = stored(scene, cast.acme_path.rpartition("/")[2])

    joined = await api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )

    assert revision(founded) == 1
    assert revision(joined) == before + 1


async def test_the_first_answer_and_its_repeat_have_the_same_one(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    headers = {**cast.alice.headers, "Idempotency-Key": "once"}
    first, again = [
        await api.post(f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=headers)
        for _ in range(2)
    ]

    assert again.headers["idempotency-replayed"] == "true"
    assert revision(first) == revision(again)


async def test_what_changes_no_access_has_none(api: httpx2.AsyncClient, cast: Cast) -> None:
    for path in (cast.acme_path, "/api/v1/me"):
        assert HEADER not in (await api.get(path, headers=cast.alice.headers)).headers
    renamed = await api.patch("/api/v1/me", json={"name": "Al"}, headers=cast.alice.headers)
    refused = await api.patch(cast.acme_path, json={"name": ""}, headers=cast.alice.headers)
    assert HEADER not in renamed.headers
    assert HEADER not in refused.headers
