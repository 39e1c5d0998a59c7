"""PATCH /api/v1/organizations/{org_id}."""

from typing import Any

import httpx2

from tests.http.responses import BAD_METADATA, BAD_NAMES, BAD_SLUGS, pointers, told
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


async def patch(api: httpx2.AsyncClient, cast: Cast, **body: Any) -> httpx2.Response:
    """The answer to Alice, who changes Acme."""
    return await api.patch(cast.acme_path, json=body, headers=cast.alice.headers)


async def shown(api: httpx2.AsyncClient, cast: Cast) -> dict[str, Any]:
    """Acme as it is now."""
    return (await api.get(cast.acme_path, headers=cast.alice.headers)).json()


async def test_the_answer_is_what_is_read_afterwards(api: httpx2.AsyncClient, cast: Cast) -> None:
    changed = await patch(api, cast, name="  Acme and Sons ", locale="pt-BR")

    assert changed.json()["name"] == "Acme and Sons"
    assert changed.json()["locale"] == "pt-BR"
    assert changed.json() == await shown(api, cast)
    assert changed.json()["updated_at"] > changed.json()["created_at"]


async def test_merge_patch_may_be_called_by_its_own_name(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    changed = await api.patch(
        cast.acme_path, content='{"name": "Renamed"}', headers={**cast.alice.headers, **MERGE_PATCH}
    )

    assert changed.json()["name"] == "Renamed"


async def test_an_empty_patch_changes_nothing(api: httpx2.AsyncClient, cast: Cast) -> None:
    before = await shown(api, cast)

    assert (await patch(api, cast)).json() == before
    assert await shown(api, cast) == before


async def test_null_removes_what_can_be_removed(api: httpx2.AsyncClient, cast: Cast) -> None:
    await patch(api, cast, metadata={"plan": "free", "region": "eu"})

    one = await patch(api, cast, metadata={"plan": None, "never": None})
    unchanged = await patch(api, cast, metadata={})
    every = await patch(api, cast, metadata=None)

    assert one.json()["metadata"] == unchanged.json()["metadata"] == {"region": "eu"}
    assert every.json()["metadata"] == {}


async def test_null_is_refused_for_what_cannot_be_absent(scene: Scene) -> None:
    before = contents(scene)

    for field in ("name", "slug", "locale"):
        assert pointers(await patch(scene.api, scene.cast, **{field: None})) == [f"#/{field}"]

    assert contents(scene) == before


async def test_a_name_that_is_none_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for name in BAD_NAMES:
        assert pointers(await patch(api, cast, name=name)) == ["#/name"], repr(name)


async def test_a_slug_that_is_none_or_reserved_is_refused(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for slug in BAD_SLUGS:
        assert pointers(await patch(api, cast, slug=slug)) == ["#/slug"], slug


async def test_metadata_beyond_its_bounds_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for metadata in BAD_METADATA:
        refused = pointers(await patch(api, cast, metadata=metadata))
        assert all(pointer.startswith("#/metadata") for pointer in refused), repr(metadata)[:50]


async def test_metadata_cannot_grow_beyond_its_bounds_in_two_steps(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    full = {f"key_{number}": "set" for number in range(50)}
    assert (await patch(api, cast, metadata=full)).status_code == 200

    one_more = await patch(api, cast, metadata={"another": "set"})
    exchanged = await patch(api, cast, metadata={"another": "set", "key_0": None})

    assert pointers(one_more) == ["#/metadata"]
    assert exchanged.json()["metadata"].keys() == full.keys() - {"key_0"} | {"another"}


async def test_a_locale_is_a_language_tag(api: httpx2.AsyncClient, cast: Cast) -> None:
    for locale in ("en", "pt-BR", "zh-Hant-TW", "es-419", "haw"):
        assert (await patch(api, cast, locale=locale)).json()["locale"] == locale


async def test_any_other_locale_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for locale in ("", "english", "en_US", "EN", "en-us", "en-US\n", "e", 5):
        assert pointers(await patch(api, cast, locale=locale)) == ["#/locale"], repr(locale)


async def test_what_no_one_may_change_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    for field in ("id", "kind", "default_workspace_id", "role", "created_at", "x"):
        assert pointers(await patch(api, cast, **{field: "anything"})) == [f"#/{field}"]


async def test_the_slug_of_another_organization_is_taken(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    assert told(await patch(api, cast, slug=cast.bobs.organization.slug)) == (409, "slug_taken")
