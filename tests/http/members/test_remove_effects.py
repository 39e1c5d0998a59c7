"""Removing a member: what goes with them, and who stays."""

import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.support.api.invitations import accept, add_role, hired, offered, remove, workspace
from tests.support.cast import Player, join
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene


async def refused(scene: Scene, member_id: str, by: Player | None = None) -> tuple[int, str]:
    """Status and code of a removal that is refused, and changes nothing."""
    before = contents(scene)
    answer = await remove(scene, member_id, by=by)
    assert contents(scene) == before
    return answer.status_code, answer.json()["code"]


async def test_the_organization_is_unknown_to_them_on_the_next_request(
    unbroken: None, scene: Scene
) -> None:
    vera, cast = scene.cast.vera, scene.cast
    paths = ["", "/members", "/workspaces", f"/workspaces/{cast.workspace_id}"]
    for path in paths:
        seen = await scene.api.get(cast.acme_path + path, headers=vera.headers)
        assert seen.status_code == 200

    assert (await remove(scene, vera.member_id)).status_code == 204

    for path in paths:
        answer = await scene.api.get(cast.acme_path + path, headers=vera.headers)
        assert answer.status_code == 404
    mine = await scene.api.get("/api/v1/organizations", headers=vera.headers)
    assert [each["kind"] for each in mine.json()["data"]] == ["personal"]


async def test_who_was_removed_is_removed_once(scene: Scene) -> None:
    await remove(scene, scene.cast.vera.member_id)

    assert await refused(scene, scene.cast.vera.member_id) == (404, "not_found")


async def test_their_roles_in_workspaces_end_and_their_workspaces_stay(
    unbroken: None, scene: Scene
) -> None:
    dave = scene.cast.dave
    vault = await workspace(scene, by=dave, name="Vault", visibility="private")

    await remove(scene, dave.member_id)

    (changes,) = scene.admin.execute(
        "select changes from events where org_id = %s and action = 'member.removed'",
        [scene.cast.acme.organization.id],
    ).fetchall()[0]
    assert [(change["type"], change["after"]) for change in changes] == [
        ("workspace_member", None),
        ("member", None),
    ]
    path = f"{scene.cast.acme_path}/workspaces/{vault['id']}"
    assert (await scene.api.get(path, headers=scene.cast.alice.headers)).status_code == 200


async def test_an_open_invitation_to_their_address_goes_with_them(
    unbroken: None, scene: Scene, service: Service
) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, role="admin")
    member = await join(service, charlie, scene.cast.acme, "viewer")

    await remove(scene, member.member_id)

    answer = await accept(scene, charlie, token)
    assert (answer.status_code, answer.json()["code"]) == (410, "invitation_revoked")


async def test_who_is_invited_again_has_the_new_role_and_nothing_of_before(
    unbroken: None, scene: Scene
) -> None:
    dave = scene.cast.dave
    vault = await workspace(scene, by=dave, name="Vault", visibility="private")
    await remove(scene, dave.member_id)

    again = await accept(scene, dave, await offered(scene, dave.actor.email, role="viewer"))

    assert again.json()["id"] != dave.member_id
    assert again.json()["role"]["key"] == "viewer"
    assert again.json()["workspaces"] == []
    path = f"{scene.cast.acme_path}/workspaces"
    assert (await scene.api.get(f"{path}/{vault['id']}", headers=dave.headers)).status_code == 404
    assert (
        await scene.api.post(path, json={"name": "Lab"}, headers=dave.headers)
    ).status_code == 403


async def test_the_last_admin_stays(scene: Scene) -> None:
    assert await refused(scene, scene.cast.alice.member_id) == (409, "last_admin")


@pytest.mark.parametrize("change", ["status = 'suspended'", "expires_at = now() + interval '1h'"])
async def test_an_admin_who_is_suspended_or_leaves_soon_is_no_reason_to_let_the_last_one_go(
    scene: Scene, eve: Player, change: str
) -> None:
    scene.admin.execute(
        f"update memberships set {change} where user_id = %s and org_id = %s".encode(),
        [eve.actor.id, scene.cast.acme.organization.id],
    )

    assert await refused(scene, scene.cast.alice.member_id) == (409, "last_admin")
    assert (await remove(scene, eve.member_id)).status_code == 204


async def test_an_admin_may_go_where_another_stays(
    unbroken: None, scene: Scene, eve: Player
) -> None:
    assert (await remove(scene, scene.cast.alice.member_id)).status_code == 204

    assert await refused(scene, eve.member_id, by=eve) == (409, "last_admin")


async def test_no_one_removes_a_member_whose_role_is_above_their_own(
    scene: Scene, service: Service, eve: Player
) -> None:
    add_role(scene, "keeper", ["organization:read", "member:read", "member:remove"])
    kim = await hired(scene, service, "Kim", "keeper")

    for member in (eve, scene.cast.dave, scene.cast.vera):
        assert await refused(scene, member.member_id, by=kim) == (403, "cannot_grant_role")
    assert (await remove(scene, kim.member_id, by=kim)).status_code == 204


async def test_the_owner_of_a_personal_organization_stays_and_guests_may_go(
    unbroken: None, scene: Scene
) -> None:
    charlie, bob = scene.cast.charlie, scene.cast.bob
    path = f"/api/v1/organizations/{show(Kind.ORGANIZATION, charlie.personal_id)}"
    offer = await offered(scene, bob.actor.email, by=charlie, path=path, role="admin")
    page = (await accept(scene, bob, offer)).json()["id"]
    listed = await scene.api.get(f"{path}/members", headers=bob.headers)
    owner = next(each["id"] for each in listed.json()["data"] if each["id"] != page)

    for who in (bob, charlie):
        answer = await scene.api.delete(f"{path}/members/{owner}", headers=who.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "personal_organization")
    answer = await scene.api.delete(f"{path}/members/{page}", headers=charlie.headers)
    assert answer.status_code == 204
    assert (await scene.api.get(path, headers=bob.headers)).status_code == 404


async def test_the_session_of_who_was_removed_lasts_and_their_account_stays(scene: Scene) -> None:
    vera = scene.cast.vera
    await remove(scene, vera.member_id)

    assert (await scene.api.get("/api/v1/me", headers=vera.headers)).status_code == 200
    assert count(scene.admin, "select count(*) from users where id = %s", vera.actor.id) == 1
