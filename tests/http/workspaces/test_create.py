"""POST /api/v1/organizations/{org_id}/workspaces."""

from typing import Any

import httpx2

from tests.http.responses import BAD_METADATA, BAD_NAMES, BAD_SLUGS, ids, pointers, told
from tests.http.workspaces.calls import create, made, narrow, path
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene


async def test_location_leads_to_what_was_made(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await create(api, cast)

    found = await api.get(answer.headers["location"], headers=cast.alice.headers)

    assert answer.status_code == 201
    assert answer.headers["location"] == path(cast, answer.json())
    assert found.json() == answer.json()


async def test_what_is_not_said_is_the_usual(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast, name="  Lab Nine  ")

    assert (lab["name"], lab["slug"], lab["description"]) == ("Lab Nine", "lab-nine", "")
    assert (lab["visibility"], lab["is_default"]) == ("organization", False)
    assert (lab["metadata"], lab["archived_at"]) == ({}, None)
    assert lab["organization_id"] == cast.acme_path.rpartition("/")[2]


async def test_what_is_said_is_kept(api: httpx2.AsyncClient, cast: Cast) -> None:
    wanted: dict[str, Any] = {
        "name": "Lab",
        "slug": "laboratory",
        "description": "Two lines\nof it.",
        "visibility": "private",
        "metadata": {"cost": "12"},
    }

    lab = await made(api, cast, **wanted)

    assert {field: lab[field] for field in wanted} == wanted


async def test_who_makes_it_is_admin_there_whatever_they_are_elsewhere(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    lab = await made(api, cast, cast.dave, visibility="private")

    member = await api.get(
        f"{cast.acme_path}/members/{cast.dave.member_id}", headers=cast.alice.headers
    )

    assert lab["role"]["key"] == "admin"
    assert member.json()["role"]["key"] == "developer"
    assert member.json()["workspaces"] == [{"workspace_id": lab["id"], "role": lab["role"]}]


async def test_a_slug_is_unique_in_its_organization_alone(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await made(api, cast, slug="lab")
    bobs = f"{cast.bobs_path}/workspaces"

    again = await create(api, cast, slug="lab")
    elsewhere = await api.post(bobs, json={"name": "Lab", "slug": "lab"}, headers=cast.bob.headers)

    assert told(again) == (409, "slug_taken")
    assert elsewhere.json()["slug"] == "lab"


async def test_a_slug_made_from_a_name_finds_a_way(api: httpx2.AsyncClient, cast: Cast) -> None:
    slugs = [(await made(api, cast, name="Lab"))["slug"] for _ in range(3)]

    assert slugs[0] == "lab"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("lab-") for slug in slugs[1:])


async def test_what_is_not_acceptable_is_refused_by_name(scene: Scene) -> None:
    before = contents(scene)
    wrong: dict[str, list[tuple[str, Any]]] = {
        "#/name": [("name", each) for each in BAD_NAMES],
        "#/slug": [("slug", each) for each in BAD_SLUGS],
        "#/description": [("description", each) for each in ("x" * 501, None, 5)],
        "#/visibility": [("visibility", each) for each in ("public", "Private", None)],
        "#/is_default": [("is_default", True)],
    }

    for pointer, given in wrong.items():
        for field, value in given:
            answer = await create(scene.api, scene.cast, **{field: value})
            assert pointers(answer) == [pointer], (field, value)
    for metadata in BAD_METADATA:
        refused = pointers(await create(scene.api, scene.cast, metadata=metadata))
        assert all(pointer.startswith("#/metadata") for pointer in refused)

    assert contents(scene) == before


async def test_a_role_held_in_a_workspace_makes_no_further_one(scene: Scene) -> None:
    cast = scene.cast
    await made(scene.api, cast, cast.dave)
    narrow(scene, cast.dave, "organization:read", "workspace:read")

    answer = await create(scene.api, cast, cast.dave)

    assert told(answer) == (403, "permission_denied")
    assert answer.json()["required_permission"] == "workspace:create"


async def test_a_new_one_is_listed_at_once(api: httpx2.AsyncClient, cast: Cast) -> None:
    lab = await made(api, cast)

    listed = await api.get(f"{cast.acme_path}/workspaces", headers=cast.vera.headers)

    assert ids(listed) == [cast.workspace_id, lab["id"]]
