"""Reclaiming an address in organizations with others: each secret that the squatter knows ends, and
what they offered; members who joined, and what others created, stay."""

from typing import Any

import pytest

from tenantry.kit.ids import Kind, parse
from tests.http.offboarding.test_reclaim import Squat, prove
from tests.support.api.invitations import SIGN_UP, accept, offered
from tests.support.api.signed_in import Tokens
from tests.support.cast import PASSWORD, Player
from tests.support.database.lock_waits import count
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene, new_address

pytestmark = pytest.mark.usefixtures("unbroken")

_RECLAIMED = "select count(*) from events where org_id = %s and action = 'member.reclaimed'"


@pytest.fixture
async def squat(scene: Scene) -> Squat:
    """A stranger has signed up with somebody's address, and founded a team."""
    email = new_address()
    tokens = Tokens.of(await scene.api.post(SIGN_UP, json={"email": email, "password": PASSWORD}))
    team = await scene.api.post(
        "/api/v1/organizations", json={"name": "Team"}, headers=tokens.headers
    )
    org_id = parse(Kind.ORGANIZATION, team.json()["id"])
    assert org_id is not None
    return Squat(email, org_id, f"/api/v1/organizations/{team.json()['id']}", tokens)


async def _made(
    scene: Scene, squat: Squat, path: str, by: Player | Tokens, **body: Any
) -> dict[str, Any]:
    answer = await scene.api.post(f"{squat.path}/{path}", json=body, headers=by.headers)
    assert answer.is_success, answer.text
    return answer.json()


async def _lets_in(scene: Scene, squat: Squat, made: dict[str, Any]) -> bool:
    bearer = {"Authorization": f"Bearer {made['key']}"}
    return (await scene.api.get(squat.path, headers=bearer)).is_success


async def _reclaimed(scene: Scene, squat: Squat) -> None:
    answer = await prove(scene, await scene.forgot_password(squat.email))
    assert answer.status_code == 204


async def test_no_key_of_a_service_account_outlives_the_proof_to_who_knows_its_secret(
    scene: Scene, squat: Squat
) -> None:
    """Failed where own keys alone ended; and where a replaced secret went on beside Charlie's."""
    charlie = scene.cast.charlie
    token = await offered(
        scene, charlie.actor.email, by=squat.tokens, path=squat.path, role="admin"
    )
    await accept(scene, charlie, token)
    robot = await _made(scene, squat, "service-accounts", squat.tokens, name="CI", role="admin")
    of = {"name": "Key", "service_account_id": robot["id"]}
    theirs = await _made(scene, squat, "api-keys", squat.tokens, **of)
    charlies = await _made(scene, squat, "api-keys", charlie, **of)
    passed_on = await _made(scene, squat, "api-keys", squat.tokens, **of)
    renewed = await _made(scene, squat, f"api-keys/{passed_on['id']}/rotate", charlie)
    taken = await _made(scene, squat, f"api-keys/{charlies['id']}/rotate", squat.tokens)
    again = await _made(scene, squat, "api-keys", charlie, **of)
    made = [theirs, charlies, passed_on, renewed, taken, again]
    assert [await _lets_in(scene, squat, each) for each in made] == [True] * 6

    await _reclaimed(scene, squat)

    assert [each for each in made if await _lets_in(scene, squat, each)] == [renewed, again]
    accounts = await scene.api.get(f"{squat.path}/service-accounts", headers=charlie.headers)
    assert [each["id"] for each in accounts.json()["data"]] == [robot["id"]]
    assert count(scene.admin, _RECLAIMED, squat.org_id) == 1
    assert replayed(scene.admin, squat.org_id) == present(scene.admin, squat.org_id)


async def test_no_open_invitation_of_theirs_lets_anybody_in(scene: Scene, squat: Squat) -> None:
    """Failed where they were revoked in the personal organization alone."""
    bob = scene.cast.bob
    token = await offered(scene, bob.actor.email, by=squat.tokens, path=squat.path, role="admin")

    await _reclaimed(scene, squat)

    assert (await accept(scene, bob, token)).json()["code"] == "invitation_revoked"
    assert count(scene.admin, _RECLAIMED, squat.org_id) == 1
    assert replayed(scene.admin, squat.org_id) == present(scene.admin, squat.org_id)


async def test_what_others_offered_stays_open(scene: Scene, squat: Squat) -> None:
    charlie, bob = scene.cast.charlie, scene.cast.bob
    path = squat.path
    token = await offered(scene, charlie.actor.email, by=squat.tokens, path=path, role="admin")
    await accept(scene, charlie, token)
    charlies = await offered(scene, bob.actor.email, by=charlie, path=path)

    await _reclaimed(scene, squat)

    assert (await accept(scene, bob, charlies)).status_code == 200
    assert count(scene.admin, _RECLAIMED, squat.org_id) == 0
