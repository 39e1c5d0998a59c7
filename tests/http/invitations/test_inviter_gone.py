"""An invitation that no one could accept says so: in its preview, in lists and on pages.

In its preview and at acceptance `rules.acceptable` decides, in lists `directory.inviter_can_grant`:
the cases here hold them together.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.console.visitor import Visitor
from tests.support.api.invitation_responses import MINE, decline, resent, seen, told
from tests.support.api.invitations import ACCEPT, add_role, offered, sign_up_with, workspace
from tests.support.api.operator_calls import turn, user_path
from tests.support.cast import Player
from tests.support.scene import Scene, new_address

PREVIEW = "/api/v1/invitations/preview"
BLOCKED = "inviter_cannot_grant"
Goes = Callable[[Scene, Player], Awaitable[httpx2.Response]]


def _terms(**terms: str) -> Goes:
    async def goes(scene: Scene, eve: Player) -> httpx2.Response:
        path = f"{scene.cast.acme_path}/members/{eve.member_id}"
        return await scene.api.patch(path, json=terms, headers=scene.cast.alice.headers)

    return goes


async def _leaves(scene: Scene, eve: Player) -> httpx2.Response:
    return await scene.api.delete(f"{scene.cast.acme_path}/members/me", headers=eve.headers)


async def _is_removed(scene: Scene, eve: Player) -> httpx2.Response:
    path = f"{scene.cast.acme_path}/members/{eve.member_id}"
    return await scene.api.delete(path, headers=scene.cast.alice.headers)


async def _deletes_the_account(scene: Scene, eve: Player) -> httpx2.Response:
    return await scene.api.delete("/api/v1/me", headers=eve.headers)


async def _is_disabled(scene: Scene, eve: Player) -> httpx2.Response:
    return await turn(scene.api, user_path(eve), "disable", scene.cast.olga)


async def _no_longer_sees_the_workspace(scene: Scene, eve: Player) -> httpx2.Response:
    add_role(scene, "nearly-admin", [str(each) for each in BUILT_IN])
    return await _terms(role="nearly-admin")(scene, eve)


async def _runs_out_of_time(scene: Scene, eve: Player) -> httpx2.Response:
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await _terms(expires_at=soon)(scene, eve)
    scene.admin.execute(
        "update memberships set expires_at = now() where user_id = %s", [eve.actor.id]
    )
    return answer


WAYS: dict[str, Goes] = {
    "leaves": _leaves,
    "is removed": _is_removed,
    "is suspended": _terms(status="suspended"),
    "is demoted": _terms(role="viewer"),
    "runs out of time": _runs_out_of_time,
    "deletes the account": _deletes_the_account,
    "is disabled": _is_disabled,
    "no longer sees the workspace": _no_longer_sees_the_workspace,
}


async def invited_by(scene: Scene, eve: Player, email: str) -> str:
    """The token of a Developer's seat that Eve offers, also in a private workspace of Alice's."""
    vault = await workspace(scene, name="Vault", visibility="private")
    there = [{"workspace_id": vault["id"], "role": "viewer"}]
    return await offered(scene, email, by=eve, role="developer", workspaces=there)


async def blocks(scene: Scene, email: str) -> list[str | None]:
    """Why the invitation cannot be accepted, as lists and single reads say."""
    charlie, alice = scene.cast.charlie.headers, scene.cast.alice.headers
    listed = await scene.api.get(f"{scene.cast.acme_path}/invitations", headers=alice)
    mine = await scene.api.get(MINE, headers=charlie)
    found = [each for each in listed.json()["data"] if each["email"] == email]
    shown = [*found, *mine.json()["data"], await seen(scene, email)]
    assert len(shown) == 3
    return [each["blocked_by"] for each in shown]


@pytest.mark.parametrize("way", WAYS)
async def test_what_no_one_could_accept_says_so_before_anything_is_typed(
    scene: Scene, eve: Player, way: str
) -> None:
    charlie = scene.cast.charlie
    token = await invited_by(scene, eve, charlie.actor.email)
    assert (await scene.api.post(PREVIEW, json={"token": token})).status_code == 200
    assert await blocks(scene, charlie.actor.email) == [None] * 3

    assert (await WAYS[way](scene, eve)).is_success

    preview = await scene.api.post(PREVIEW, json={"token": token})
    accepted = await scene.api.post(ACCEPT, json={"token": token}, headers=charlie.headers)
    page = await Visitor(scene.api).open("/invitation", token)
    assert told(preview) == told(accepted) == (409, BLOCKED)
    assert await blocks(scene, charlie.actor.email) == [BLOCKED] * 3
    assert page.status_code == 409
    assert "Ask for a new invitation." in page.text
    assert 'type="password"' not in page.text


async def test_who_resends_it_opens_it_again(scene: Scene, eve: Player) -> None:
    charlie = scene.cast.charlie
    token = await invited_by(scene, eve, charlie.actor.email)
    await _is_removed(scene, eve)

    again = await resent(scene, charlie.actor.email, after=token)

    assert await blocks(scene, charlie.actor.email) == [None] * 3
    assert (await scene.api.post(PREVIEW, json={"token": again})).status_code == 200


async def test_it_can_still_be_declined(scene: Scene, eve: Player) -> None:
    charlie = scene.cast.charlie
    token = await invited_by(scene, eve, charlie.actor.email)
    await _is_removed(scene, eve)

    visitor = Visitor(scene.api)
    await visitor.open("/invitation", token)
    assert (await visitor.client.get("/invitation/decline")).status_code == 200
    assert (await decline(scene, token)).status_code == 204
    shown = await seen(scene, charlie.actor.email)
    assert (shown["status"], shown["blocked_by"]) == ("declined", None)


async def test_no_one_signs_up_by_it(scene: Scene, eve: Player) -> None:
    email = new_address()
    token = await invited_by(scene, eve, email)
    await _is_removed(scene, eve)

    assert told(await sign_up_with(scene, email, token)) == (409, BLOCKED)
    assert not await scene.can_sign_in(email, "correct horse battery staple")


async def test_pages_mark_it_and_offer_no_button_to_join(
    scene: Scene, eve: Player, service: Service
) -> None:
    charlie, cast = scene.cast.charlie, scene.cast
    await invited_by(scene, eve, charlie.actor.email)
    alice = await Hands.of(scene.api, service, cast, cast.alice)
    assert "cannot be accepted" not in (await alice.see("/people")).text
    await _is_removed(scene, eve)

    shown = await seen(scene, charlie.actor.email)
    for path in ("/people", "/people/invitations", f"/people/invitations/{shown['id']}"):
        assert "cannot be accepted" in (await alice.see(path)).text
    hands = await Hands.of(scene.api, service, cast, charlie)
    mine = (await hands.see("//account/invitations")).text
    assert "ask for a new invitation" in mine
    assert "Join Acme" not in mine


async def test_pages_say_what_rests_on_a_member_before_they_go(
    scene: Scene, eve: Player, service: Service
) -> None:
    cast = scene.cast
    alice = await Hands.of(scene.api, service, cast, cast.alice)
    there = f"/people/{eve.member_id}"
    assert "invitation from Eve" not in (await alice.see(f"{there}/remove")).text
    for count in ("1 {}invitation from Eve", "2 {}invitations from Eve"):
        await offered(scene, new_address(), by=eve)
        assert count.format("") in (await alice.see(f"{there}/remove")).text
        assert count.format("open ") in (await alice.see(f"{there}/edit")).text
    hands = await Hands.of(scene.api, service, cast, eve)
    assert re.search("2 invitations you sent", (await hands.see("/people/leave")).text)
