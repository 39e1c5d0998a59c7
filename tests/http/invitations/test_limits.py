"""As many members and open invitations as there may be, and not one more."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.support.api.invitations import accept, offer, offered, sign_up_with
from tests.support.cast import Cast, player
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import Scene, new_address

# A membership's row waits for the key of its role, after all that was read for it.
_HOLD_ROLES = "select 1 from roles where org_id = %s for update"
_MEMBERS = "select count(*) from memberships where org_id = %s"

# Acme begins with Alice, Dave and Vera.
ONE_SEAT = Limits(members=4)


@pytest.fixture
async def cramped(
    client_of: ClientOf, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """A service under which Acme has one seat left, and may have two open invitations."""
    limits = replace(ONE_SEAT, pending_invitations=2)
    return Scene(await client_of(limits=limits), mailbox, cast, admin)


@pytest.fixture
async def full(
    client_of: ClientOf, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """A service under which Acme has no seat left."""
    return Scene(await client_of(limits=Limits(members=3)), mailbox, cast, admin)


async def test_a_full_organization_cannot_invite(full: Scene) -> None:
    answer = await offer(full, new_address())

    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["limit"], told["maximum"]) == ("limit_reached", "members", 3)


async def test_open_invitations_have_a_limit_and_those_past_their_time_do_not_count(
    unbroken: None, cramped: Scene
) -> None:
    first = new_address()
    await offered(cramped, first)
    await offered(cramped, new_address())

    refused = await offer(cramped, new_address())
    assert (refused.status_code, refused.json()["limit"]) == (409, "pending_invitations")

    cramped.change_invitation(first, "expires_at = now()")
    assert (await offer(cramped, new_address())).status_code == 201


async def test_a_seat_is_looked_for_again_when_it_is_taken(scene: Scene, full: Scene) -> None:
    charlie, newcomer = scene.cast.charlie, new_address()
    token = await offered(scene, charlie.actor.email)
    other = await offered(scene, newcomer)

    for refused in (await accept(full, charlie, token), await sign_up_with(full, newcomer, other)):
        assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
    no_one = "select count(*) from users where email = %s"
    assert count(scene.admin, no_one, newcomer) == 0

    assert (await accept(scene, charlie, token)).status_code == 200
    assert (await accept(full, charlie, token)).status_code == 200


async def held_together(
    scene: Scene, acts: Sequence[Awaitable[httpx2.Response]]
) -> list[httpx2.Response]:
    """The answers of acts of which none may write before all have come as far as they can."""
    with scene.admin.transaction():
        scene.admin.execute(_HOLD_ROLES, [scene.cast.acme.organization.id])
        begun = [asyncio.ensure_future(act) for act in acts]
        await until_waiting(scene.admin, *begun)
    return await asyncio.gather(*begun)


@pytest.mark.usefixtures("unbroken")
async def test_seven_who_want_the_last_seat_get_one(
    scene: Scene, cramped: Scene, service: Service
) -> None:
    """Fails with seven members more once `acceptance` does not lock: tried. As many may write to an
    organization at once here; an eighth would wait for its turn."""
    people = [await player(service, f"P{number}") for number in range(7)]
    tokens = [await offered(scene, each.actor.email) for each in people]

    answers = await held_together(
        scene, [accept(cramped, who, token) for who, token in zip(people, tokens, strict=True)]
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 6]
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"limit_reached"}
    assert count(scene.admin, _MEMBERS, scene.cast.acme.organization.id) == 4


@pytest.mark.usefixtures("unbroken")
async def test_eight_who_invite_at_once_do_not_go_beyond_the_limit(cramped: Scene) -> None:
    """Fails with more than two once `lock_organization` reads without the lock: tried."""
    answers = await asyncio.gather(*(offer(cramped, new_address()) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, *[409] * 6]
