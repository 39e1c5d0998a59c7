"""What is in a private workspace is told to who sees it, and on no way round to anybody else.

The reader holds every permission and is no Admin. Shown to fail for the API's events, the console's
and its exports while events were shown as they are recorded.
"""

from typing import Any

import pytest

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.routes import SCREENS
from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.console.screens import address
from tests.http.api_keys import keys
from tests.support.scenarios.private_lives import HIDDEN, SECRET, Lives, leaks, lived
from tests.support.scene import Scene

_DELETION = "workspace.deleted"


@pytest.fixture
async def lives(scene: Scene) -> Lives:
    return await lived(scene)


async def readers(scene: Scene) -> dict[str, dict[str, str]]:
    """Who reads, by the headers of their calls: a member, a key of theirs, a service account."""
    api, cast = scene.api, scene.cast
    own = await keys.key(api, cast, cast.dave, role="deputy")
    account = await keys.account(api, cast, role="deputy")
    robots = await keys.key(api, cast, service_account_id=account["id"])
    return {
        "Dave": cast.dave.headers,
        "Dave's key": keys.bearing(own),
        "a service account": keys.bearing(robots),
    }


async def events(scene: Scene, headers: dict[str, str], **query: str) -> list[dict[str, Any]]:
    """What happened in Acme, as somebody is told."""
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/events", params={"limit": "100", **query}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_no_call_tells_of_a_private_workspace_to_who_does_not_see_it(
    scene: Scene, lives: Lives
) -> None:
    for headers in (await readers(scene)).values():
        for path in lives.paths():
            statuses = set[int]()
            for query in lives.queries():
                answer = await scene.api.get(path, params=query, headers=headers)
                statuses.add(answer.status_code)
                assert leaks(answer, lives) == [], (path, query)
            assert statuses <= {200, 403, 404, 422}
            assert statuses != {422}, path


async def test_no_page_and_no_export_tells_of_a_private_workspace_to_who_does_not_see_it(
    scene: Scene, lives: Lives, service: Service
) -> None:
    dave = await Hands.of(scene.api, service, scene.cast, scene.cast.dave)
    event_ids = [each["id"] for each in await events(scene, scene.cast.alice.headers)]
    ids = {**lives.ids, "event_id": event_ids}
    for screen in SCREENS:
        if not isinstance(screen.access, Permission) or screen.restores:
            continue
        named = [name for name in ids if f"{{{name}}}" in screen.path]
        for chosen in ids[named[0]] if named else [""]:
            path = address(screen.path, scene.cast, **({named[0]: chosen} if named else {}))
            answer = await dave.see(f"//{path}" if not path.startswith("//") else path)
            assert answer.status_code in (200, 303, 403, 404), path
            assert leaks(answer, lives) == [], path
    for name in ("csv", "jsonl"):
        answer = await dave.see(f"/events/export?format={name}")
        assert answer.status_code == 200
        assert leaks(answer, lives) == []


async def test_what_is_hidden_is_not_counted_either(
    scene: Scene, lives: Lives, service: Service
) -> None:
    dave = await Hands.of(scene.api, service, scene.cast, scene.cast.dave)
    shown = await events(scene, scene.cast.dave.headers)
    assert len(shown) < len(await events(scene, scene.cast.alice.headers))
    assert f"{len(shown)} events as a file" in (await dave.see("/events")).text
    none = await events(scene, scene.cast.dave.headers, action="workspace_member.added")
    assert none == []
    assert "No events match" in (await dave.see("/events?action=workspace_member.added")).text


async def test_an_event_that_touches_a_private_workspace_is_told_without_it(
    scene: Scene, lives: Lives
) -> None:
    for headers in (await readers(scene)).values():
        (removed,) = await events(scene, headers, action="member.removed")
        assert [change["type"] for change in removed["changes"]] == ["member"]
        invited = await events(scene, headers, action="invitation.created")
        assert len(invited) == len(lives.workspaces)
        assert all(each["changes"][0]["after"]["workspaces"] == [] for each in invited)


async def test_an_admin_is_told_of_all_of_them_and_who_is_in_one_of_that_one(
    scene: Scene, lives: Lives
) -> None:
    api, cast = scene.api, scene.cast
    live = lives.workspaces["live"]["id"]
    place = f"{cast.acme_path}/workspaces/{live}/members/{cast.dave.member_id}"
    (await api.put(place, json={"role": "viewer"}, headers=cast.alice.headers)).raise_for_status()

    told_alice = str(await events(scene, cast.alice.headers))
    told_dave = str(await events(scene, cast.dave.headers))

    for workspace in lives.workspaces.values():
        assert workspace["id"] in told_alice
        assert (workspace["id"] in told_dave) == (workspace["id"] == live)
    assert HIDDEN["metadata"]["zebra_budget"] in told_dave
    (removed,) = await events(scene, cast.dave.headers, action="member.removed")
    assert live in [change["id"] for change in removed["changes"]]


async def test_an_open_workspace_that_was_deleted_stays_in_what_is_told(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    made = await api.post(
        f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=cast.alice.headers
    )
    there = f"{cast.acme_path}/workspaces/{made.json()['id']}"
    place = f"{there}/members/{cast.vera.member_id}"
    (await api.put(place, json={"role": "viewer"}, headers=cast.alice.headers)).raise_for_status()
    lives = await lived(scene)
    assert (await api.delete(there, headers=cast.alice.headers)).status_code == 204

    told = await events(scene, cast.dave.headers)

    about = [each["action"] for each in told if made.json()["id"] in str(each["targets"])]
    assert about == ["workspace.created", "workspace_member.added", _DELETION]
    (removed,) = [each for each in told if each["action"] == "member.removed"]
    assert made.json()["id"] in [change["id"] for change in removed["changes"]]
    assert lives.workspaces["deleted"]["id"] not in str(told)


async def test_pages_of_events_are_whole_though_some_are_hidden(scene: Scene, lives: Lives) -> None:
    shown = [each["id"] for each in await events(scene, scene.cast.dave.headers)]
    for order, expected in (("asc", shown), ("desc", shown[::-1])):
        found, after = list[str](), ""
        for _ in expected:
            query = {"limit": "3", "order": order, **({"after": after} if after else {})}
            answer = await scene.api.get(
                f"{scene.cast.acme_path}/events", params=query, headers=scene.cast.dave.headers
            )
            found += [each["id"] for each in answer.json()["data"]]
            after = answer.json()["list_metadata"]["after"]
            if not after:
                break
        assert found == expected


def test_the_secret_is_part_of_everything_that_is_looked_for() -> None:
    words = [*HIDDEN["metadata"], *HIDDEN["metadata"].values()]
    words += [HIDDEN[name] for name in ("name", "slug", "description")]
    assert all(SECRET in word.lower() for word in words)
