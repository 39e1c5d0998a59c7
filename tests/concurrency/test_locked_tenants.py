"""What waits for a locked tenant leaves connections to others, also where it finds the tenant late.

With three connections, and two for one tenant, each test fails, with 503 for whom it does not
concern, once the transaction does not `join` the tenant: tried.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import LiteralString

import httpx2
import pytest

from tenantry.postgres.pool.options import PoolOptions
from tests.conftest import ClientOf
from tests.support.api.invitation_responses import DECLINE
from tests.support.api.invitations import ACCEPT, SIGN_UP, offered
from tests.support.cast import PASSWORD
from tests.support.database.lock_waits import until_waiting
from tests.support.scene import Scene, new_address

pytestmark = pytest.mark.usefixtures("unbroken")

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
_HOLD_CHARLIE = "select 1 from users where id = %s for update"
_CALLERS = 6


@pytest.fixture
async def small(client_of: ClientOf) -> httpx2.AsyncClient:
    """A client of a service with three connections."""
    pool = PoolOptions(
        size=3,
        per_key=2,
        patience=5,
        queue_timeout=30,
        lock_timeout=60,
        statement_timeout=60,
    )
    return await client_of(pool=pool, rate_limits=False)


async def beside(
    scene: Scene,
    small: httpx2.AsyncClient,
    call: Callable[[int], Awaitable[httpx2.Response]],
    hold: LiteralString,
    held: object,
) -> list[int]:
    """The statuses of calls that all wait for what is held, while Bob reads and writes."""
    cast = scene.cast
    with scene.admin.transaction():
        scene.admin.execute(hold, [held])
        calls = [asyncio.ensure_future(call(number)) for number in range(_CALLERS)]
        await until_waiting(scene.admin, *calls[:2])
        for _ in range(3):
            read = await small.get("/api/v1/me", headers=cast.bob.headers)
            made = await small.post(
                "/api/v1/organizations", json={"name": "Beside"}, headers=cast.bob.headers
            )
            assert (read.status_code, made.status_code) == (200, 201)
        assert not any(each.done() for each in calls)
    return sorted(answer.status_code for answer in await asyncio.gather(*calls))


async def test_declines_by_email(scene: Scene, small: httpx2.AsyncClient) -> None:
    token = await offered(scene, new_address())

    statuses = await beside(
        scene,
        small,
        lambda _: small.post(DECLINE, json={"token": token}),
        _HOLD_ACME,
        scene.cast.acme.organization.id,
    )

    assert statuses == [204, *[410] * (_CALLERS - 1)]


async def test_sign_ups_by_invitation(scene: Scene, small: httpx2.AsyncClient) -> None:
    invited = [new_address() for _ in range(_CALLERS)]
    tokens = [await offered(scene, each) for each in invited]

    def sign_up(number: int) -> Awaitable[httpx2.Response]:
        email, token = invited[number], tokens[number]
        body = {"email": email, "password": PASSWORD, "invitation_token": token}
        return small.post(SIGN_UP, json=body)

    statuses = await beside(scene, small, sign_up, _HOLD_ACME, scene.cast.acme.organization.id)

    assert statuses == [201] * _CALLERS


async def test_answers_of_several_people(scene: Scene, small: httpx2.AsyncClient) -> None:
    """Each of them is somebody else, so nothing bounds them but the tenant."""
    cast = scene.cast
    people = [cast.charlie, cast.alice, cast.dave, cast.vera]
    token = await offered(scene, cast.charlie.actor.email)

    def accept(number: int) -> Awaitable[httpx2.Response]:
        who = people[number % len(people)]
        return small.post(ACCEPT, json={"token": token}, headers=who.headers)

    statuses = await beside(scene, small, accept, _HOLD_ACME, cast.acme.organization.id)

    assert statuses == [200, 200, *[403] * 4]


async def test_forgotten_passwords_of_somebody_who_is_locked(
    scene: Scene, small: httpx2.AsyncClient
) -> None:
    charlie = scene.cast.charlie.actor
    body = {"email": charlie.email}

    statuses = await beside(
        scene,
        small,
        lambda _: small.post("/api/v1/auth/password/forgot", json=body),
        _HOLD_CHARLIE,
        charlie.id,
    )

    assert statuses == [202] * _CALLERS
