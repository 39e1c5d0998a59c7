"""/api/v1/operator/organizations: list, get, disable and enable."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import ORGANIZATIONS, ids, pointers, told
from tests.support.api.operator_calls import OPERATOR, REASON, org_path, turn
from tests.support.cast import Cast
from tests.support.scene import Scene, new_address

SHOWN = {
    *("id", "name", "slug", "kind", "counts", "created_at"),
    *("deleted_at", "disabled_at", "status_reason"),
}


async def listed(api: httpx2.AsyncClient, cast: Cast, **query: Any) -> httpx2.Response:
    """A page of organizations, as Olga sees it."""
    return await api.get(f"{OPERATOR}/organizations", params=query, headers=cast.olga.headers)


async def test_an_operator_sees_a_tenant_from_outside_and_nothing_of_what_is_in_it(
    scene: Scene,
) -> None:
    cast, api = scene.cast, scene.api
    await scene.invited("somebody@acme.example")
    patch = {"metadata": {"plan": "enterprise"}}
    await api.patch(cast.acme_path, json=patch, headers=cast.alice.headers)

    got = await api.get(org_path(cast), headers=cast.olga.headers)

    seen = got.json()
    assert set(seen) == SHOWN
    assert (seen["name"], seen["slug"], seen["kind"]) == (
        "Acme",
        cast.acme.organization.slug,
        "team",
    )
    assert seen["counts"] == {"members": 3, "workspaces": 1}
    assert (seen["deleted_at"], seen["disabled_at"], seen["status_reason"]) == (None, None, None)
    for theirs in (cast.alice.actor.email, cast.alice.id, cast.workspace_id, "enterprise"):
        assert theirs not in got.text


async def test_a_slug_finds_one_and_a_standing_some(api: httpx2.AsyncClient, cast: Cast) -> None:
    slug, acme = cast.acme.organization.slug, cast.acme_path.rpartition("/")[2]

    async def found(status: str) -> list[str]:
        return ids(await listed(api, cast, slug=slug, status=status))

    assert ids(await listed(api, cast, slug=slug)) == [acme]
    assert ids(await listed(api, cast, slug="nobody-has-this")) == []
    assert [await found(each) for each in ("live", "disabled", "deleted")] == [[acme], [], []]
    await turn(api, org_path(cast), "disable", cast.olga)
    assert [await found(each) for each in ("live", "disabled", "deleted")] == [[], [acme], []]
    assert pointers(await listed(api, cast, status="gone")) == ["status"]


async def test_pages_go_through_all_tenants_in_both_directions(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    acme, bobs = cast.acme_path.rpartition("/")[2], cast.bobs_path.rpartition("/")[2]

    forward = await listed(api, cast, after=acme, limit=1)
    backward = await listed(api, cast, after=bobs, order="desc", limit=1)

    assert ids(forward) == [bobs]
    assert ids(backward) == [acme]
    assert forward.json()["list_metadata"]["after"] == bobs


async def test_a_disabled_organization_is_unknown_to_its_people_at_once_and_back_when_enabled(
    scene: Scene,
) -> None:
    cast, api, acme = scene.cast, scene.api, scene.cast.acme_path.rpartition("/")[2]
    token = await scene.invited(cast.charlie.actor.email)

    disabled = await turn(api, org_path(cast), "disable", cast.olga)

    assert disabled.status_code == 200
    assert disabled.json()["disabled_at"] is not None
    assert disabled.json()["status_reason"] == REASON
    for path in ("", "/members", "/workspaces", f"/workspaces/{cast.workspace_id}", "/events"):
        answer = await api.get(f"{cast.acme_path}{path}", headers=cast.alice.headers)
        assert told(answer) == (404, "not_found")
    renamed = await api.patch(cast.acme_path, json={"name": "B"}, headers=cast.alice.headers)
    assert told(renamed) == (404, "not_found")
    for order in ("asc", "desc"):
        mine = await api.get(ORGANIZATIONS, params={"order": order}, headers=cast.alice.headers)
        assert acme not in ids(mine)
    preview = await api.post("/api/v1/invitations/preview", json={"token": token})
    accept = await api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    assert told(preview) == told(accept) == (404, "not_found")

    enabled = await turn(api, org_path(cast), "enable", cast.olga, "Paid")

    assert (enabled.json()["disabled_at"], enabled.json()["status_reason"]) == (None, "Paid")
    assert (await api.get(cast.acme_path, headers=cast.vera.headers)).status_code == 200
    accepted = await api.post(
        "/api/v1/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    assert accepted.status_code == 200


async def test_no_one_signs_up_into_a_disabled_organization(scene: Scene) -> None:
    email = new_address()
    token = await scene.invited(email)
    await turn(scene.api, org_path(scene.cast), "disable", scene.cast.olga)

    body = {"email": email, "password": "seven quiet lanterns", "invitation_token": token}
    answer = await scene.api.post("/api/v1/auth/sign-up", json=body)

    assert told(answer) == (404, "not_found")
    assert not await scene.can_sign_in(email, "seven quiet lanterns")


async def test_the_admins_read_afterwards_who_did_it_and_why(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    disabled = await turn(api, org_path(cast), "disable", cast.olga)
    await turn(api, org_path(cast), "disable", cast.olga, "Again")
    await turn(api, org_path(cast), "enable", cast.olga, "Paid")
    await turn(api, org_path(cast), "enable", cast.olga, "Again")

    events = (
        await api.get(
            f"{cast.acme_path}/events", params={"order": "desc"}, headers=cast.alice.headers
        )
    ).json()["data"]

    enabling, disabling = events[:2]
    since = disabled.json()["disabled_at"]
    off = {"disabled_at": since, "status_reason": REASON}
    assert [each["action"] for each in events[:3]] == [
        *("organization.enabled", "organization.disabled", "organization.created"),
    ]
    for event in (enabling, disabling):
        assert event["actor"] == {"type": "operator", "id": cast.olga.id, "name": "Olga"}
        assert [each["id"] for each in event["targets"]] == [cast.acme_path.rpartition("/")[2]]
    assert disabling["changes"][0]["after"] == off
    assert enabling["changes"][0]["before"] == off
    assert enabling["changes"][0]["after"] == {"disabled_at": None, "status_reason": "Paid"}


async def test_an_unknown_organization_is_not_found_and_a_reason_is_needed(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    nowhere = f"{OPERATOR}/organizations/{show(Kind.ORGANIZATION, new_id())}"
    for path in (nowhere, f"{OPERATOR}/organizations/{cast.olga.id}"):
        assert told(await api.get(path, headers=cast.olga.headers)) == (404, "not_found")
        assert told(await turn(api, path, "disable", cast.olga)) == (404, "not_found")
    for reason in ("", "  ", "x" * 501, "two\nlines"):
        refused = await turn(api, org_path(cast), "disable", cast.olga, reason)
        assert pointers(refused) == ["#/reason"]


async def test_who_is_no_operator_learns_nothing_of_what_is_there(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for path in (org_path(cast), f"{OPERATOR}/organizations/{show(Kind.ORGANIZATION, new_id())}"):
        for query in ({}, {"unknown": "parameter"}):
            answer = await api.get(path, params=query, headers=cast.alice.headers)
            assert told(answer) == (403, "operator_required")
        assert told(await api.get(path)) == (401, "unauthenticated")


async def test_an_operator_has_no_way_into_an_organization(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    for path in ("", "/members", "/workspaces", "/roles", "/events"):
        answer = await api.get(f"{cast.acme_path}{path}", headers=cast.olga.headers)
        assert told(answer) == (404, "not_found")
