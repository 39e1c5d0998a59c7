"""An organization is deleted while somebody joins it."""

import pytest

from tests.concurrency.test_invitation_response_races import one_after_another, status_of
from tests.support.api.invitations import accept, offered
from tests.support.scene import Scene

_HOLD_ACME = "select 1 from organizations where org_id = %s for no key update"


@pytest.mark.usefixtures("unbroken")
@pytest.mark.parametrize("accept_first", [True, False])
async def test_delete_against_accept(scene: Scene, accept_first: bool) -> None:
    """Who joins first is a member of what is deleted; who comes later is told of nothing, and joins
    once it is back.

    Fails where the deletion is first, with a member of what is deleted, once `_LOCK` of
    `access.locks` reads and does not lock: tried.
    """
    acme, headers, charlie = scene.cast.acme_path, scene.cast.alice.headers, scene.cast.charlie
    email = charlie.actor.email
    token = await offered(scene, email)
    acts = [accept(scene, charlie, token), scene.api.delete(acme, headers=headers)]

    answers = await one_after_another(
        scene, *(acts if accept_first else reversed(acts)), hold=_HOLD_ACME
    )

    assert answers == (
        [(200, None), (204, None)] if accept_first else [(204, None), (404, "not_found")]
    )
    assert status_of(scene, email) == ("accepted" if accept_first else "pending")
    assert (scene.role_of(email) is not None) == accept_first
    assert (await scene.api.post(f"{acme}/restore", headers=headers)).status_code == 200
    assert (await accept(scene, charlie, token)).status_code == 200
    assert (await scene.api.get(acme, headers=charlie.headers)).status_code == 200
