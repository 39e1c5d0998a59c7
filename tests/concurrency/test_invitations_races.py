"""Invitations, when several come at once."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, parse
from tests.support.api.invitations import SIGN_UP, accept, offer, offered, remove, sign_up_with
from tests.support.api.signed_in import Tokens
from tests.support.cast import PASSWORD, Player
from tests.support.database.lock_waits import count, until_waiting
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
# An invitation's row waits for the key of its role, after all that was read for it.
_HOLD_ROLES = "select 1 from roles where org_id = %s for update"
_JOINED = "select count(*) from memberships where org_id = %s and user_id = %s"


async def one_after_another(
    scene: Scene, *acts: Awaitable[httpx2.Response], hold: str = _HOLD_ACME, org_id: Any = None
) -> list[httpx2.Response]:
    """The answers of acts that all wait for what is held, in the order of their coming."""
    begun = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(hold.encode(), [org_id or scene.cast.acme.organization.id])
        for act in acts:
            begun.append(asyncio.ensure_future(act))
            await until_waiting(scene.admin, *begun)
    return await asyncio.gather(*begun)


def told(answers: list[httpx2.Response]) -> list[tuple[int, str | None]]:
    """Status and code of each."""
    return [
        (each.status_code, each.json().get("code") if each.content else None) for each in answers
    ]


@pytest.mark.usefixtures("unbroken")
async def test_twenty_who_come_with_one_token_make_one_membership(scene: Scene) -> None:
    """Fails with 409s once `acceptance` does not lock, and with 500s once `AlreadyMember` is not
    what the constraint is told as, either: tried."""
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, role="developer")

    answers = await asyncio.gather(*(accept(scene, charlie, token) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(scene.admin, _JOINED, scene.cast.acme.organization.id, charlie.actor.id) == 1


@pytest.mark.usefixtures("unbroken")
async def test_ten_who_sign_up_by_one_token_make_one_account(scene: Scene) -> None:
    """Fails with 500s once the address is claimed by a plain insert: tried."""
    email = new_address()
    token = await offered(scene, email)

    answers = await asyncio.gather(*(sign_up_with(scene, email, token) for _ in range(10)))

    assert sorted(answer.status_code for answer in answers)[0] == 201
    refused = told([answer for answer in answers if answer.status_code != 201])
    assert len(refused) == 9
    assert set(refused) <= {(409, "email_taken"), (410, "invitation_accepted")}
    assert count(scene.admin, "select count(*) from users where email = %s", email) == 1


@pytest.mark.usefixtures("unbroken")
async def test_of_two_inviters_of_one_address_one_is_told_of_the_others_invitation(
    scene: Scene, eve: Player
) -> None:
    """Fails with a 500 once `lock_organization` reads without the lock: tried."""
    email = new_address()

    first, second = await one_after_another(
        scene, offer(scene, email), offer(scene, email, by=eve), hold=_HOLD_ROLES
    )

    assert told([first, second]) == [(201, None), (409, "invitation_pending")]
    assert second.json()["invitation_id"] == first.json()["id"]


@pytest.mark.usefixtures("unbroken")
async def test_two_who_replace_one_expired_invitation_make_one(scene: Scene, eve: Player) -> None:
    """Fails with a 500 once `lock_organization` reads without the lock: tried."""
    email = new_address()
    await offered(scene, email)
    scene.change_invitation(email, "expires_at = now()")

    answers = await one_after_another(
        scene, offer(scene, email), offer(scene, email, by=eve), hold=_HOLD_ROLES
    )

    assert told(answers) == [(201, None), (409, "invitation_pending")]


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("removal_is_first", [True, False])
async def test_no_one_joins_by_an_inviter_who_is_being_removed(
    scene: Scene, eve: Player, removal_is_first: bool
) -> None:
    """Fails where the removal is first, with 200, once `acceptance` does not lock: tried."""
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, by=eve)
    acts = [remove(scene, eve.member_id), accept(scene, charlie, token)]

    answers = await one_after_another(scene, *(acts if removal_is_first else reversed(acts)))

    assert told(answers) == (
        [(204, None), (409, "inviter_cannot_grant")]
        if removal_is_first
        else [(200, None), (204, None)]
    )


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("removal_is_first", [True, False])
async def test_no_one_comes_back_by_the_email_while_they_are_being_removed(
    scene: Scene, removal_is_first: bool
) -> None:
    """Fails where the removal is first, with 200 for someone who is no longer a member, once
    `acceptance` does not lock: tried."""
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    member_id = (await accept(scene, charlie, token)).json()["id"]
    acts = [remove(scene, member_id), accept(scene, charlie, token)]

    answers = await one_after_another(scene, *(acts if removal_is_first else reversed(acts)))

    assert told(answers) == (
        [(204, None), (410, "invitation_accepted")]
        if removal_is_first
        else [(200, None), (204, None)]
    )
    assert count(scene.admin, _JOINED, scene.cast.acme.organization.id, charlie.actor.id) == 0


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("proof_is_first", [True, False])
async def test_no_one_takes_a_squatters_seat_while_the_owner_proves_the_address(
    scene: Scene, proof_is_first: bool
) -> None:
    """Fails where the proof is first, for Charlie is in, once `acceptance` does not lock: tried."""
    charlie = scene.cast.charlie
    email = new_address()
    answer = await scene.api.post(SIGN_UP, json={"email": email, "password": PASSWORD})
    org_id, squatter = answer.json()["organization"]["id"], Tokens.of(answer)
    path = f"/api/v1/organizations/{org_id}"
    token = await offered(scene, charlie.actor.email, by=squatter, path=path)
    reset = await scene.forgot_password(email)
    proof = scene.api.post(
        "/api/v1/auth/password/reset", json={"token": reset, "password": GOOD_PASSWORD}
    )
    acts = [proof, accept(scene, charlie, token)]

    answers = await one_after_another(
        scene,
        *(acts if proof_is_first else reversed(acts)),
        org_id=parse(Kind.ORGANIZATION, org_id),
    )

    assert told(answers) == (
        [(204, None), (410, "invitation_revoked")] if proof_is_first else [(200, None), (204, None)]
    )
    assert (await scene.api.get(path, headers=charlie.headers)).status_code == 404
