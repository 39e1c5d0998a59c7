"""Organizations, when many come at once."""

import asyncio

import pytest

from tests.http.organizations.test_create_effects import ORGANIZATIONS, new_name
from tests.http.organizations.test_update_effects import patch, revision
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

_HOLD_ORGANIZATION = "select 1 from organizations where org_id = %s for update"


@pytest.mark.usefixtures("unbroken")
async def test_of_ten_who_ask_for_one_slug_one_gets_it(scene: Scene) -> None:
    """Fails with ten 201 once the registry's key is gone and its insert does not look, and with
    nine 500 once `take_slug` names no refusal: both tried."""
    slug = new_name().replace(" ", "-")
    people = [
        scene.cast.alice,
        scene.cast.dave,
        scene.cast.vera,
        scene.cast.bob,
        scene.cast.charlie,
    ]

    answers = await asyncio.gather(
        *(
            scene.api.post(
                ORGANIZATIONS, json={"name": "Same", "slug": slug}, headers=person.headers
            )
            for person in people * 2
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"slug_taken"}
    assert count(scene.admin, "select count(*) from organizations where slug = %s", slug) == 1


@pytest.mark.usefixtures("unbroken")
async def test_ten_organizations_of_one_name_find_ten_slugs(scene: Scene) -> None:
    """Fails with 409s once the slug made from a name is taken without a second try: tried."""
    name = new_name()

    answers = await asyncio.gather(
        *(
            scene.api.post(ORGANIZATIONS, json={"name": name}, headers=scene.cast.charlie.headers)
            for _ in range(10)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    slugs = {answer.json()["slug"] for answer in answers}
    assert len(slugs) == 10
    assert name.replace(" ", "-") in slugs


@pytest.mark.usefixtures("unbroken")
async def test_two_organizations_that_want_one_new_slug_do_not_both_get_it(scene: Scene) -> None:
    """Fails with two 200 once the registry's key is gone and the insert does not look: tried."""
    slug = new_name().replace(" ", "-")

    answers = await asyncio.gather(
        patch(scene, slug=slug),
        scene.api.patch(scene.cast.bobs_path, json={"slug": slug}, headers=scene.cast.bob.headers),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.usefixtures("unbroken")
async def test_of_two_changes_of_one_version_one_is_made(scene: Scene) -> None:
    """Fails with two 200 once `organizations.lock` reads without the lock: tried."""
    shown = await scene.api.get(scene.cast.acme_path, headers=scene.cast.alice.headers)
    seen = {"If-Match": shown.headers["etag"]}
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ORGANIZATION, [scene.cast.acme.organization.id])
        changes = [
            asyncio.create_task(patch(scene, seen, name=name)) for name in ("First", "Second")
        ]
        await until_waiting(scene.admin, *changes)

    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200, 412]


@pytest.mark.usefixtures("unbroken")
async def test_ten_who_add_to_the_metadata_at_once_all_do(scene: Scene) -> None:
    """Fails with keys that were lost once `organizations.lock` reads without the lock: tried."""
    before = revision(scene)

    answers = await asyncio.gather(
        *(patch(scene, metadata={f"key_{number}": "set"}) for number in range(10))
    )

    assert {answer.status_code for answer in answers} == {200}
    now = await scene.api.get(scene.cast.acme_path, headers=scene.cast.alice.headers)
    assert len(now.json()["metadata"]) == 10
    assert revision(scene) == before + 10
