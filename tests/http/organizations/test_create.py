"""POST /api/v1/organizations."""

from typing import Any

import httpx2

from tests.http.organizations.test_create_effects import new_name
from tests.http.responses import BAD_METADATA, BAD_NAMES, BAD_SLUGS, ORGANIZATIONS, pointers
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene


async def create(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> httpx2.Response:
    """The answer to Charlie, who makes an organization."""
    return await api.post(ORGANIZATIONS, json=body, headers=cast.charlie.headers)


async def test_location_leads_to_what_was_made(api: httpx2.AsyncClient, cast: Cast) -> None:
    made = await create(api, cast, name=new_name())

    found = await api.get(made.headers["location"], headers=cast.charlie.headers)

    assert made.status_code == 201
    assert made.headers["location"] == f"{ORGANIZATIONS}/{made.json()['id']}"
    assert found.json() == made.json()
    assert found.headers["etag"] == made.headers["etag"]


async def test_what_is_not_said_is_the_usual(api: httpx2.AsyncClient, cast: Cast) -> None:
    made = (await create(api, cast, name=new_name())).json()

    assert (made["kind"], made["locale"], made["metadata"]) == ("team", "en", {})
    assert (made["role"]["key"], made["role"]["name"]) == ("admin", "Admin")
    assert made["created_at"] == made["updated_at"]


async def test_a_name_is_kept_without_the_spaces_around_it(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    name = new_name()

    made = await create(api, cast, name=f" \t{name}\u3000 ")

    assert made.json()["name"] == name


async def test_names_of_all_the_world_are_kept_as_they_are(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for name in ("x", "x" * 100, "Grüße & Söhne", "日本 株式会社", "O'Neill"):
        assert (await create(api, cast, name=name)).json()["name"] == name


async def test_metadata_may_be_as_large_as_promised(api: httpx2.AsyncClient, cast: Cast) -> None:
    largest = {f"{number:02}{'k' * 38}": "v" * 500 for number in range(50)}

    made = await create(api, cast, name=new_name(), metadata=largest)

    assert made.status_code == 201
    assert made.json()["metadata"] == largest


async def test_a_name_that_is_none_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for name in BAD_NAMES:
        assert pointers(await create(api, cast, name=name)) == ["#/name"], repr(name)


async def test_a_slug_that_is_none_or_reserved_is_refused(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for slug in BAD_SLUGS:
        assert pointers(await create(api, cast, name="Acme", slug=slug)) == ["#/slug"], slug


async def test_metadata_beyond_its_bounds_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for metadata in BAD_METADATA:
        refused = pointers(await create(api, cast, name="Acme", metadata=metadata))
        assert all(pointer.startswith("#/metadata") for pointer in refused), repr(metadata)[:50]


async def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(scene: Scene) -> None:
    before = contents(scene)

    answer = await create(scene.api, scene.cast, name="", slug="A", kind="team", owner={})

    assert sorted(pointers(answer)) == ["#/kind", "#/name", "#/owner/email", "#/slug"]
    assert contents(scene) == before


async def test_a_body_that_is_no_object_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    headers = {**cast.charlie.headers, "Content-Type": "application/json"}
    for body in ("[]", '"text"', "5", "null", "true"):
        answer = await api.post(ORGANIZATIONS, content=body, headers=headers)
        assert pointers(answer) == ["#"], body
