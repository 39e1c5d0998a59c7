"""Answers to an invitation that come at once: one consistent end."""

import asyncio
from collections.abc import Awaitable
from typing import LiteralString

import httpx2
import pytest

from tests.support.api.invitation_responses import (
    MINE,
    batch,
    decline,
    invitation_id,
    resend,
    revoke,
    told,
)
from tests.support.api.invitations import accept, offer, offered
from tests.support.cast import Player
from tests.support.database.lock_waits import until_waiting
from tests.support.scene import Scene, new_address

pytestmark = pytest.mark.usefixtures("unbroken")

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"
# Whatever is read of it, an invitation can be neither accepted nor closed for so long.
_HOLD_INVITATIONS = "select 1 from invitations where org_id = %s for update"
# An invitation's row waits for the key of its role, after all that was read for it.
_HOLD_ROLES = "select 1 from roles where org_id = %s for update"

Answers = list[tuple[int, str | None]]


async def one_after_another(
    scene: Scene, *acts: Awaitable[httpx2.Response], hold: LiteralString
) -> Answers:
    """Status and code of acts that all wait for what is held, in the order of their coming."""
    begun = list[asyncio.Task[httpx2.Response]]()
    with scene.admin.transaction():
        scene.admin.execute(hold, [scene.cast.acme.organization.id])
        for act in acts:
            begun.append(asyncio.ensure_future(act))
            await until_waiting(scene.admin, *begun)
    return [told(answer) for answer in await asyncio.gather(*begun)]


def status_of(scene: Scene, email: str) -> str:
    """How the invitation ended."""
    return scene.admin.execute(
        "select status from invitations where email = %s and org_id = %s",
        [email, scene.cast.acme.organization.id],
    ).fetchall()[0][0]


@pytest.mark.parametrize("accept_first", [True, False])
async def test_accept_against_revoke(scene: Scene, accept_first: bool) -> None:
    """Fails with two that succeed once nothing locks, and the updates that consume and close are
    not guarded by the status: tried. Either guard alone holds."""
    charlie = scene.cast.charlie
    email = charlie.actor.email
    token = await offered(scene, email)
    acts = [accept(scene, charlie, token), revoke(scene, email)]

    answers = await one_after_another(
        scene, *(acts if accept_first else reversed(acts)), hold=_HOLD_INVITATIONS
    )

    first, second = ("accepted", 200) if accept_first else ("revoked", 204)
    assert answers == [(second, None), (410, f"invitation_{first}")]
    assert status_of(scene, email) == first
    assert (scene.role_of(email) is not None) == accept_first


@pytest.mark.parametrize("accept_first", [True, False])
async def test_accept_against_decline(scene: Scene, accept_first: bool) -> None:
    """Fails in the same way: tried."""
    charlie = scene.cast.charlie
    email = charlie.actor.email
    token = await offered(scene, email)
    acts = [accept(scene, charlie, token), decline(scene, token)]

    answers = await one_after_another(
        scene, *(acts if accept_first else reversed(acts)), hold=_HOLD_INVITATIONS
    )

    first, status = ("accepted", 200) if accept_first else ("declined", 204)
    assert answers == [(status, None), (410, f"invitation_{first}")]
    assert status_of(scene, email) == first
    assert (scene.role_of(email) is not None) == accept_first


@pytest.mark.parametrize("accept_first", [True, False])
async def test_resend_against_accept(scene: Scene, accept_first: bool) -> None:
    """Fails where the resend is first, with a member by the old email, once `finding` does not
    look at the token again under the lock: tried."""
    charlie = scene.cast.charlie
    email = charlie.actor.email
    token = await offered(scene, email)
    acts = [accept(scene, charlie, token), resend(scene, email)]

    answers = await one_after_another(
        scene, *(acts if accept_first else reversed(acts)), hold=_HOLD_ACME
    )

    assert answers == (
        [(200, None), (410, "invitation_accepted")]
        if accept_first
        else [(200, None), (410, "invitation_resent")]
    )
    assert status_of(scene, email) == ("accepted" if accept_first else "pending")


@pytest.mark.parametrize("batch_first", [True, False])
async def test_batch_against_invite_of_the_same_address(
    scene: Scene, eve: Player, batch_first: bool
) -> None:
    """Fails with a 500 once `lock_organization` reads without the lock: tried."""
    email, other = new_address(), new_address()
    acts: list[Awaitable[httpx2.Response]] = [
        batch(scene, {"email": email}, {"email": other}),
        offer(scene, email, by=eve),
    ]

    answers = await one_after_another(
        scene, *(acts if batch_first else reversed(acts)), hold=_HOLD_ROLES
    )

    assert sorted(answers) == (
        [(200, None), (409, "invitation_pending")] if batch_first else [(200, None), (201, None)]
    )
    query = "select count(*) from invitations where email = any(%s) and status = 'pending'"
    assert scene.admin.execute(query, [[email, other]]).fetchall() == [(2,)]


async def test_all_who_answer_at_once_agree(scene: Scene) -> None:
    """Twenty by the email and by id, against a revocation, a refusal and a reminder."""
    charlie = scene.cast.charlie
    email = charlie.actor.email
    token = await offered(scene, email)
    by_id = f"{MINE}/{invitation_id(scene, email)}/accept"

    answers = await asyncio.gather(
        *(accept(scene, charlie, token) for _ in range(10)),
        *(scene.api.post(by_id, headers=charlie.headers) for _ in range(10)),
        revoke(scene, email),
        decline(scene, token),
        resend(scene, email),
    )

    assert {answer.status_code for answer in answers} <= {200, 204, 410}
    closed = status_of(scene, email)
    assert closed in ("accepted", "revoked", "declined")
    assert (scene.role_of(email) is not None) == (closed == "accepted")
    joined = {answer.json()["id"] for answer in answers[:20] if answer.status_code == 200}
    assert len(joined) == (closed == "accepted")
