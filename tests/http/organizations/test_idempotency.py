"""One Idempotency-Key for several calls at once makes one thing."""

import asyncio

import httpx2
import pytest

from tests.http.organizations.test_create_effects import ORGANIZATIONS, new_name
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene

KEY = "the-same-key"
_CLAIM_SLUG = "insert into organization_slugs (slug, org_id) values (%s, gen_random_uuid())"
_NAMED = "select count(*) from organizations where name = %s"


async def create(scene: Scene, name: str, key: str) -> httpx2.Response:
    """The answer to Charlie, who makes an organization under a key."""
    headers = {**scene.cast.charlie.headers, "Idempotency-Key": key}
    return await scene.api.post(ORGANIZATIONS, json={"name": name}, headers=headers)


@pytest.mark.usefixtures("unbroken")
async def test_while_the_first_is_being_answered_the_second_is_told_so(scene: Scene) -> None:
    """Fails with a 503, for both wait for the slug, once no record is made of the key: tried."""
    name = new_name()
    with scene.admin.transaction(force_rollback=True):
        scene.admin.execute(_CLAIM_SLUG, [name.replace(" ", "-")])
        first = asyncio.create_task(create(scene, name, KEY))
        await until_waiting(scene.admin, first)
        second = await create(scene, name, KEY)

    assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_flight")
    assert (await first).status_code == 201
    assert count(scene.admin, _NAMED, name) == 1


@pytest.mark.usefixtures("unbroken")
async def test_of_ten_at_once_one_makes_something_and_the_others_are_given_its_answer(
    scene: Scene,
) -> None:
    """Fails with ten organizations once no record is made of the key: tried."""
    name = new_name()

    answers = await asyncio.gather(*(create(scene, name, KEY) for _ in range(10)))

    made = {answer.content for answer in answers if answer.status_code == 201}
    others = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert len(made) == 1
    assert others <= {"idempotency_in_flight"}
    assert count(scene.admin, _NAMED, name) == 1
