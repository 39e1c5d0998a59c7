"""Reclaiming an address: its first proof removes everyone whom a squatter let in."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import httpx2
import pytest

from tenantry.kit.ids import Kind, parse
from tests.support.api.invitations import SIGN_UP, accept, offer, offered, workspace
from tests.support.api.signed_in import Tokens
from tests.support.cast import PASSWORD
from tests.support.database.lock_waits import count, until_waiting
from tests.support.database.replay import present, replayed
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

_HOLD = "select 1 from organizations where org_id = %s for no key update"
_RECLAIMED = "select count(*) from events where org_id = %s and action = 'organization.reclaimed'"


@dataclass(frozen=True)
class Squat:
    """An account that a stranger made with somebody's address."""

    email: str
    org_id: UUID
    path: str
    tokens: Tokens


@pytest.fixture
async def squat(scene: Scene) -> Squat:
    """The stranger is alone as yet."""
    email = new_address()
    answer = await scene.api.post(SIGN_UP, json={"email": email, "password": PASSWORD})
    shown = answer.json()["organization"]["id"]
    org_id = parse(Kind.ORGANIZATION, shown)
    assert org_id is not None
    return Squat(email, org_id, f"/api/v1/organizations/{shown}", Tokens.of(answer))


async def prove(scene: Scene, token: str) -> httpx2.Response:
    """The answer to choosing a password by the email."""
    return await scene.api.post(
        "/api/v1/auth/password/reset", json={"token": token, "password": GOOD_PASSWORD}
    )


async def let_in(scene: Scene, squat: Squat) -> None:
    """Charlie becomes an Admin of the personal organization, and makes a workspace there."""
    charlie = scene.cast.charlie
    token = await offered(
        scene, charlie.actor.email, by=squat.tokens, path=squat.path, role="admin"
    )
    assert (await accept(scene, charlie, token)).status_code == 200
    await workspace(scene, by=charlie, path=squat.path, name="Vault", visibility="private")


async def test_the_owner_has_everything_and_no_one_else_anything(
    unbroken: None, scene: Scene, squat: Squat
) -> None:
    await let_in(scene, squat)
    assert (await prove(scene, await scene.forgot_password(squat.email))).status_code == 204

    mine = Tokens.of(
        await scene.api.post(
            "/api/v1/auth/token",
            data={"grant_type": "password", "username": squat.email, "password": GOOD_PASSWORD},
        )
    )
    members = await scene.api.get(f"{squat.path}/members", headers=mine.headers)
    there = await scene.api.get(f"{squat.path}/workspaces", headers=mine.headers)
    assert [each["user"]["email"] for each in members.json()["data"]] == [squat.email]
    assert len(there.json()["data"]) == 2


async def test_its_event_tells_of_everything_that_ended(scene: Scene, squat: Squat) -> None:
    await let_in(scene, squat)
    await offered(scene, new_address(), by=squat.tokens, path=squat.path)

    await prove(scene, await scene.forgot_password(squat.email))

    assert replayed(scene.admin, squat.org_id) == present(scene.admin, squat.org_id)
    assert count(scene.admin, _RECLAIMED, squat.org_id) == 1


async def test_where_there_was_no_one_nothing_is_told(scene: Scene, squat: Squat) -> None:
    assert (await prove(scene, await scene.forgot_password(squat.email))).status_code == 204

    assert scene.is_verified(squat.email)
    assert count(scene.admin, _RECLAIMED, squat.org_id) == 0


async def test_what_the_person_has_elsewhere_stays(scene: Scene, squat: Squat) -> None:
    made = await scene.api.post(
        "/api/v1/organizations", json={"name": "Elsewhere"}, headers=squat.tokens.headers
    )
    assert made.status_code == 201

    await prove(scene, await scene.forgot_password(squat.email))

    org_id = parse(Kind.ORGANIZATION, made.json()["id"])
    assert count(scene.admin, "select count(*) from memberships where org_id = %s", org_id) == 1


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("proof_is_first", [True, False])
async def test_no_invitation_of_the_squatter_outlives_the_proof(
    scene: Scene, squat: Squat, proof_is_first: bool
) -> None:
    """Fails where the proof is first, with an open invitation, once `lock_organization` does not
    see the session again; and where it is second, once `_reclaim` does not lock: both tried."""
    token = await scene.forgot_password(squat.email)
    acts = [
        prove(scene, token),
        offer(scene, new_address(), by=squat.tokens, path=squat.path, role="admin"),
    ]
    begun = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(_HOLD, [squat.org_id])
        for act in acts if proof_is_first else reversed(acts):
            begun.append(asyncio.create_task(act))
            await until_waiting(scene.admin, *begun)

    statuses = [answer.status_code for answer in await asyncio.gather(*begun)]
    assert statuses == ([204, 401] if proof_is_first else [201, 204])
    pending = "select count(*) from invitations where org_id = %s and status = 'pending'"
    assert count(scene.admin, pending, squat.org_id) == 0


async def test_no_answer_that_is_kept_for_the_squatter_outlives_the_proof(
    scene: Scene, squat: Squat
) -> None:
    """Fails with one kept answer, which names Charlie, once a reset forgets none: tried."""
    headers = {**squat.tokens.headers, "Idempotency-Key": "squatting"}
    body = {"email": scene.cast.charlie.actor.email}
    invite = f"{squat.path}/members/invite"
    assert (await scene.api.post(invite, json=body, headers=headers)).status_code == 201
    kept = """select count(*) from idempotency_keys k join users u on u.id = k.user_id
               where u.email = %s"""
    assert scene.admin.execute(kept, [squat.email]).fetchone() == (1,)

    assert (await prove(scene, await scene.forgot_password(squat.email))).status_code == 204

    assert scene.admin.execute(kept, [squat.email]).fetchone() == (0,)
