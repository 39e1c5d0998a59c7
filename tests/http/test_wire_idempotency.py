"""Idempotency-Key: the same call again gives the first answer again."""

from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, parse
from tests.http.responses import ORGANIZATIONS, told
from tests.support.cast import Cast, Player
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene, new_address

CREATING = ["organizations", "workspaces", "members/invite"]


async def post(
    api: httpx2.AsyncClient, path: str, who: Player, key: str, **body: Any
) -> httpx2.Response:
    """The answer to a call that makes something, under a key."""
    headers = httpx2.Headers({**who.headers, "Idempotency-Key": key}, encoding="utf-8")
    return await api.post(path, json=body or {"name": "Umbrella"}, headers=headers)


@pytest.mark.parametrize("noun", CREATING)
async def test_the_second_call_is_given_the_first_answer_and_does_nothing(
    scene: Scene, noun: str
) -> None:
    cast = scene.cast
    path = ORGANIZATIONS if noun == "organizations" else f"{cast.acme_path}/{noun}"
    body = {"email": new_address()} if noun == "members/invite" else {"name": "Umbrella"}
    first = await post(scene.api, path, cast.alice, "a-key", **body)
    before = contents(scene)

    second = await post(scene.api, path, cast.alice, "a-key", **body)
    slashed = await post(scene.api, f"{path}/", cast.alice, "a-key", **body)

    assert contents(scene) == before
    assert "idempotency-replayed" not in first.headers
    for again in (second, slashed):
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        for header in ("location", "etag", "content-type", "cache-control", "vary"):
            assert again.headers[header] == first.headers[header]
        assert again.headers["x-request-id"] != first.headers["x-request-id"]


async def test_another_request_under_the_same_key_is_refused(scene: Scene) -> None:
    api, alice = scene.api, scene.cast.alice
    await post(api, ORGANIZATIONS, alice, "a-key")
    before = contents(scene)

    body = await post(api, ORGANIZATIONS, alice, "a-key", name="Another")
    path = await post(api, f"{scene.cast.acme_path}/workspaces", alice, "a-key")

    assert told(body) == told(path) == (422, "idempotency_key_reused")
    assert contents(scene) == before


async def test_a_key_is_the_callers_own(api: httpx2.AsyncClient, cast: Cast) -> None:
    first = await post(api, ORGANIZATIONS, cast.alice, "a-key")
    second = await post(api, ORGANIZATIONS, cast.bob, "a-key")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_only_what_succeeded_is_kept(scene: Scene) -> None:
    api, alice = scene.api, scene.cast.alice
    taken = scene.cast.bobs.organization.slug
    before = contents(scene)

    refused = [
        await post(api, ORGANIZATIONS, alice, "a-key", name="One", slug=taken),
        await post(api, ORGANIZATIONS, alice, "a-key", name=""),
        await post(api, f"{scene.cast.bobs_path}/workspaces", alice, "a-key"),
        await post(api, f"{scene.cast.acme_path}/workspaces", scene.cast.vera, "a-key"),
    ]

    assert [each.status_code for each in refused] == [409, 422, 404, 403]
    assert contents(scene) == before
    assert (await post(api, ORGANIZATIONS, alice, "a-key")).status_code == 201


async def test_who_may_not_any_more_is_given_no_answer_of_before(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    path = f"{cast.acme_path}/workspaces"
    assert (await post(api, path, cast.dave, "a-key")).status_code == 201

    scene.admin.execute(
        """update memberships m set role_id = r.id from roles r
            where r.org_id = m.org_id and r.key = 'viewer' and m.org_id = %s and m.user_id = %s""",
        [cast.acme.organization.id, cast.dave.actor.id],
    )
    demoted = await post(api, path, cast.dave, "a-key")
    await api.delete(f"{cast.acme_path}/members/{cast.dave.member_id}", headers=cast.alice.headers)
    removed = await post(api, path, cast.dave, "a-key")
    await api.post("/api/v1/auth/sign-out", headers=cast.dave.headers)
    signed_out = await post(api, path, cast.dave, "a-key")

    assert [each.status_code for each in (demoted, removed, signed_out)] == [403, 404, 401]
    assert "Umbrella" not in demoted.text + removed.text + signed_out.text


async def test_after_a_day_a_key_is_new_again(scene: Scene) -> None:
    api, alice = scene.api, scene.cast.alice
    first = await post(api, ORGANIZATIONS, alice, "a-key")
    _age(scene, alice, "23 hours 59 minutes")
    kept = await post(api, ORGANIZATIONS, alice, "a-key")
    _age(scene, alice, "24 hours")
    new = await post(api, ORGANIZATIONS, alice, "a-key", name="Another")
    repeated = await post(api, ORGANIZATIONS, alice, "a-key", name="Another")

    assert kept.content == first.content
    assert new.status_code == 201
    assert "idempotency-replayed" not in new.headers
    assert repeated.content == new.content != first.content


def _age(scene: Scene, who: Player, age: str) -> None:
    scene.admin.execute(
        "update idempotency_keys set created_at = now() - %s::interval where user_id = %s",
        [age, who.actor.id],
    )


async def test_without_a_key_every_call_makes_something(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    answers = [
        await api.post(ORGANIZATIONS, json={"name": "Same"}, headers=cast.charlie.headers)
        for _ in range(2)
    ]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_a_key_is_visible_ascii_of_bounded_length(scene: Scene) -> None:
    api, charlie = scene.api, scene.cast.charlie
    before = contents(scene)

    for key in ("", "a key", "x" * 256, "ключ", "tab\tkey"):
        answer = await post(api, ORGANIZATIONS, charlie, key)
        assert told(answer) == (400, "invalid_header"), key
    assert contents(scene) == before
    for key in ("x", "~" * 255, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"):
        assert (await post(api, ORGANIZATIONS, charlie, key)).status_code == 201


async def test_where_nothing_is_made_a_key_means_nothing(scene: Scene) -> None:
    api, alice = scene.api, scene.cast.alice
    headers = {**alice.headers, "Idempotency-Key": "a key"}

    renamed = [
        await api.patch(scene.cast.acme_path, json={"name": name}, headers=headers)
        for name in ("One", "Two")
    ]

    kept = "select count(*) from idempotency_keys where user_id = %s"
    assert [each.json()["name"] for each in renamed] == ["One", "Two"]
    assert count(scene.admin, kept, parse(Kind.USER, alice.id)) == 0
