"""The same order where rules of modules refuse: 403, then 422, then 412, then 409.

Each call is wrong in every way it can be, and is fixed step by step.
"""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import told
from tests.http.roles.custom import default
from tests.http.workspaces.calls import made, narrow, path
from tests.support.cast import Player
from tests.support.scene import Scene, new_address

MANY = ["member:read", "member:invite", "member:update", "role:manage", "workspace:read"]
UNKNOWN_ROLE = show(Kind.ROLE, new_id())
UNKNOWN_WORKSPACE = show(Kind.WORKSPACE, new_id())


@dataclass
class Managing:
    """Dave, who may manage much and has little to give."""

    scene: Scene
    dave: Player

    async def call(
        self, method: str, place: str, by: Player | None = None, **sent: Any
    ) -> httpx2.Response:
        """The answer to Dave, or to somebody else, who does something in Acme."""
        headers = {**(by or self.dave).headers, **sent.pop("headers", {})}
        return await self.scene.api.request(
            method, f"{self.scene.cast.acme_path}/{place}", headers=headers, **sent
        )


@pytest.fixture
def managing(scene: Scene) -> Managing:
    narrow(scene, scene.cast.dave, *MANY, "workspace:manage_members")
    return Managing(scene, scene.cast.dave)


async def archived(managing: Managing) -> dict[str, Any]:
    scene = managing.scene
    workspace = await made(scene.api, scene.cast)
    answer = await scene.api.post(
        f"{path(scene.cast, workspace)}/archive", headers=scene.cast.alice.headers
    )
    assert answer.status_code == 200, answer.text
    return workspace


async def test_of_an_offer(managing: Managing) -> None:
    lab = await archived(managing)

    async def offer(role: str, *there: tuple[str, str]) -> tuple[int, str]:
        places = [{"workspace_id": each, "role": given} for each, given in there]
        body = {"email": managing.scene.cast.vera.actor.email, "role": role, "workspaces": places}
        return told(await managing.call("POST", "members/invite", json=body))

    above, unknown = (lab["id"], "admin"), (UNKNOWN_WORKSPACE, "narrow")
    archived_one = (lab["id"], "narrow")
    assert await offer("admin", (UNKNOWN_WORKSPACE, "nobody")) == (403, "cannot_grant_role")
    assert await offer("nobody", above) == (403, "cannot_grant_role")
    assert await offer("nobody", archived_one) == (422, "role_unknown")
    assert await offer("narrow", archived_one, unknown) == (422, "workspace_unknown")
    assert await offer("narrow", archived_one) == (409, "workspace_archived")
    assert await offer("narrow") == (409, "already_member")


async def test_of_a_place_in_a_workspace(managing: Managing) -> None:
    lab = await archived(managing)
    alice, vera = managing.scene.cast.alice, managing.scene.cast.vera

    async def put(who: Player, role: str) -> tuple[int, str]:
        place = f"workspaces/{lab['id']}/members/{who.member_id}"
        return told(await managing.call("PUT", place, json={"role": role}))

    assert await put(alice, "nobody") == (403, "cannot_grant_role")
    assert await put(vera, "admin") == (403, "cannot_grant_role")
    assert await put(vera, "nobody") == (422, "role_unknown")
    assert await put(vera, "narrow") == (409, "workspace_archived")


async def test_of_a_members_terms(managing: Managing) -> None:
    alice = managing.scene.cast.alice
    old, past = {"If-Match": '"old"'}, {"expires_at": "2020-01-01T00:00:00Z"}

    async def change(by: Player, **terms: Any) -> tuple[int, str]:
        place = f"members/{alice.member_id}"
        return told(await managing.call("PATCH", place, by, json=terms, headers=old))

    assert await change(managing.dave, role="nobody", **past) == (403, "cannot_grant_role")
    assert await change(alice, role="nobody", **past) == (422, "role_unknown")
    assert await change(alice, role="viewer", **past) == (422, "expiry_passed")
    assert await change(alice, role="viewer") == (412, "precondition_failed")
    present = await managing.call("GET", f"members/{alice.member_id}", alice)
    old["If-Match"] = present.headers["ETag"]
    assert await change(alice, role="viewer") == (409, "last_admin")


async def test_of_a_role_and_what_takes_its_place(managing: Managing) -> None:
    scene = managing.scene
    admin, viewer = [await default(scene.api, scene.cast, key) for key in ("admin", "viewer")]

    async def end(role: dict[str, Any], other: str, by: Player) -> tuple[int, str]:
        query = {"replace_with": other}
        return told(await managing.call("DELETE", f"roles/{role['id']}", by, params=query))

    alice = scene.cast.alice
    assert await end(admin, UNKNOWN_ROLE, managing.dave) == (403, "cannot_grant_role")
    assert await end(viewer, UNKNOWN_ROLE, alice) == (422, "role_unknown")
    assert await end(viewer, viewer["id"], alice) == (422, "role_unknown")
    assert await end(viewer, admin["id"], alice) == (409, "default_role")


@pytest.mark.parametrize(("method", "act"), [("DELETE", ""), ("POST", "/resend")])
async def test_of_an_offer_that_is_withdrawn_or_sent_again(
    managing: Managing, method: str, act: str
) -> None:
    alice, email = managing.scene.cast.alice, new_address()
    body = {"email": email, "role": "admin"}
    offer = (await managing.call("POST", "members/invite", alice, json=body)).json()
    managing.scene.change_invitation(email, "status = 'declined'")
    old = {"If-Match": '"old"'}

    async def touch(by: Player, **sent: Any) -> tuple[int, str]:
        return told(await managing.call(method, f"invitations/{offer['id']}{act}", by, **sent))

    assert await touch(managing.dave, headers=old) == (403, "cannot_grant_role")
    assert await touch(alice, headers=old) == (412, "precondition_failed")
    assert await touch(alice) == (410, "invitation_declined")
