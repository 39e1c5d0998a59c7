"""PATCH /api/v1/me."""

from typing import Any

import httpx2

from tests.http.responses import API, BAD_NAMES, pointers, told
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene

ME = f"{API}/me"


async def patch(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> httpx2.Response:
    """The answer to Vera, who changes her account."""
    return await api.patch(ME, json=body, headers=cast.vera.headers)


async def test_a_new_name_is_seen_by_all_who_see_the_person(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    changed = await patch(api, cast, name="  Vera Vale ")

    me = await api.get(ME, headers=cast.vera.headers)
    member = await api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}", headers=cast.alice.headers
    )
    assert changed.json()["name"] == "Vera Vale"
    assert changed.json() == me.json()
    assert member.json()["user"]["name"] == "Vera Vale"


async def test_what_is_not_named_stays(scene: Scene) -> None:
    before = contents(scene)

    answer = await patch(scene.api, scene.cast)

    assert answer.json()["name"] == "Vera"
    assert contents(scene) == before


async def test_what_is_not_acceptable_is_refused_by_name(scene: Scene) -> None:
    before = contents(scene)

    for name in BAD_NAMES:
        assert pointers(await patch(scene.api, scene.cast, name=name)) == ["#/name"], repr(name)
    for field in ("id", "email", "email_verified", "password"):
        answer = await patch(scene.api, scene.cast, **{field: "anything"})
        assert pointers(answer) == [f"#/{field}"]

    assert contents(scene) == before


async def test_a_change_of_another_version_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    seen = {"If-Match": (await api.get(ME, headers=cast.vera.headers)).headers["etag"]}
    headers = {**cast.vera.headers, **seen}

    first = await api.patch(ME, json={"name": "First"}, headers=headers)
    second = await api.patch(ME, json={"name": "Second"}, headers=headers)

    assert first.json()["name"] == "First"
    assert told(second) == (412, "precondition_failed")


async def test_whoever_changes_their_name_for_ever_is_stopped(scene: Scene) -> None:
    """Fails with no end where it is not counted: an event is kept of each change."""
    kept = "select count(*) from account_events where user_id = %s and action = 'user.updated'"
    answers = [await patch(scene.api, scene.cast, name=f"Vera {n}") for n in range(31)]

    assert [answer.status_code for answer in answers] == [*[200] * 30, 429]
    assert told(answers[30]) == (429, "rate_limited")
    assert scene.admin.execute(kept, [scene.cast.vera.actor.id]).fetchone() == (30,)
    same = await patch(scene.api, scene.cast, name="Vera 29")
    assert same.status_code == 200
