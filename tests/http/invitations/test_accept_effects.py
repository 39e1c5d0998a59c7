"""Taking an offered seat: by whom, with what, and when no more."""

import pytest

from tenantry.authz.builtin_permissions import Permission
from tenantry.http.service import Service
from tests.support.api.invitation_responses import resend, resent, told
from tests.support.api.invitations import accept, add_role, hired, offered, remove, workspace
from tests.support.cast import Player, player
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene, new_address

PREVIEW = "/api/v1/invitations/preview"


async def refused(scene: Scene, who: Player, token: str) -> tuple[int, str]:
    """Status and code of an acceptance that is refused, and leaves nothing behind."""
    before = contents(scene)
    answer = await accept(scene, who, token)
    assert contents(scene) == before
    return answer.status_code, answer.json()["code"]


def set_role(scene: Scene, who: Player, role: str) -> None:
    """Give somebody another role in Acme, which no call does yet."""
    scene.admin.execute(
        """
        update memberships m set role_id = r.id from roles r
         where r.org_id = m.org_id and r.key = %s and m.org_id = %s and m.user_id = %s
        """,
        [role, scene.cast.acme.organization.id, who.actor.id],
    )


async def test_who_accepts_is_a_member_at_once(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, role="developer")

    member = (await accept(scene, charlie, token)).json()

    shown = await scene.api.get(scene.cast.acme_path, headers=charlie.headers)
    assert shown.json()["role"]["key"] == member["role"]["key"] == "developer"
    assert member["user"]["id"] == charlie.id
    assert (member["status"], member["expires_at"]) == ("active", None)


async def test_the_offered_roles_in_workspaces_come_with_it(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    vault = await workspace(scene, name="Vault", visibility="private")
    there = [{"workspace_id": vault["id"], "role": "developer"}]
    token = await offered(scene, charlie.actor.email, workspaces=there)

    member = (await accept(scene, charlie, token)).json()

    path = f"{scene.cast.acme_path}/workspaces/{vault['id']}"
    shown = await scene.api.get(path, headers=charlie.headers)
    assert [grant["workspace_id"] for grant in member["workspaces"]] == [vault["id"]]
    assert shown.json()["role"]["key"] == "developer"
    assert (await accept(scene, charlie, token)).json() == member


async def test_workspaces_that_have_gone_or_are_archived_are_passed_over(
    unbroken: None, scene: Scene
) -> None:
    charlie = scene.cast.charlie
    made = [await workspace(scene, name=name) for name in ("Gone", "Archived", "Stays")]
    there = [{"workspace_id": each["id"], "role": "viewer"} for each in made]
    token = await offered(scene, charlie.actor.email, workspaces=there)
    of_acme = [scene.cast.acme.organization.id]
    scene.admin.execute("delete from workspaces where org_id = %s and slug = 'gone'", of_acme)
    scene.admin.execute(
        "update workspaces set archived_at = now() where org_id = %s and slug = 'archived'", of_acme
    )

    member = (await accept(scene, charlie, token)).json()

    assert [grant["workspace_id"] for grant in member["workspaces"]] == [made[2]["id"]]


async def test_the_same_person_again_is_the_same_member(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)

    answers = [await accept(scene, charlie, token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()


async def test_who_was_removed_since_does_not_come_back_by_the_same_email(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    member = (await accept(scene, charlie, token)).json()
    assert (await remove(scene, member["id"])).status_code == 204

    assert await refused(scene, charlie, token) == (410, "invitation_accepted")


async def test_another_account_is_refused_and_the_invitation_survives(
    unbroken: None, scene: Scene
) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    another = (403, "invitation_for_another_email")

    assert await refused(scene, scene.cast.bob, token) == another
    assert await refused(scene, scene.cast.vera, token) == another

    assert (await accept(scene, charlie, token)).status_code == 200
    assert await refused(scene, scene.cast.bob, token) == another


@pytest.mark.parametrize("status", ["expired", "revoked", "declined"])
async def test_a_spent_invitation_is_gone(scene: Scene, status: str) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    scene.change_invitation(charlie.actor.email, f"status = '{status}'")

    assert await refused(scene, charlie, token) == (410, f"invitation_{status}")
    preview = await scene.api.post(PREVIEW, json={"token": token})
    assert (preview.status_code, preview.json()["code"]) == (410, f"invitation_{status}")


async def test_it_expires_at_its_hour_and_not_by_a_clean_up(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    scene.change_invitation(charlie.actor.email, "expires_at = clock_timestamp()")

    assert await refused(scene, charlie, token) == (410, "invitation_expired")
    pending = "select count(*) from invitations where email = %s and status = 'pending'"
    assert count(scene.admin, pending, charlie.actor.email) == 1


async def test_an_unknown_token_is_not_found(scene: Scene) -> None:
    for token in ("unknown", "x" * 43, "ü" * 43):
        assert await refused(scene, scene.cast.charlie, token) == (404, "not_found")


async def test_a_member_by_another_way_is_told_so_and_the_invitation_survives(
    scene: Scene,
) -> None:
    vera, email = scene.cast.vera, new_address()
    token = await offered(scene, email)
    scene.change_invitation(email, f"email = '{vera.actor.email}'")

    assert await refused(scene, vera, token) == (409, "already_member")


async def test_an_inviter_who_was_demoted_gives_no_more_than_they_have_now(
    scene: Scene, eve: Player
) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, role="developer", by=eve)

    set_role(scene, eve, "viewer")
    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")

    set_role(scene, eve, "developer")
    assert (await accept(scene, charlie, token)).status_code == 200


@pytest.mark.parametrize("change", ["status = 'suspended'", "expires_at = now()"])
async def test_an_inviter_who_is_no_active_member_gives_nothing(
    scene: Scene, eve: Player, change: str
) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, by=eve)
    scene.admin.execute(
        f"update memberships set {change} where user_id = %s and org_id = %s".encode(),
        [eve.actor.id, scene.cast.acme.organization.id],
    )

    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")


async def test_an_inviter_who_was_removed_gives_nothing(scene: Scene, eve: Player) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, by=eve)
    assert (await remove(scene, eve.member_id)).status_code == 204

    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")


async def test_a_role_in_a_workspace_is_measured_by_what_the_inviter_has_now(
    scene: Scene, eve: Player
) -> None:
    charlie = scene.cast.charlie
    there = [{"workspace_id": scene.cast.workspace_id, "role": "admin"}]
    token = await offered(scene, charlie.actor.email, by=eve, workspaces=there)
    set_role(scene, eve, "developer")

    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")


async def test_a_workspace_that_the_inviter_no_longer_sees_is_not_given_and_who_sees_it_may_adopt(
    unbroken: None, scene: Scene, service: Service
) -> None:
    charlie, members = scene.cast.charlie, f"{scene.cast.acme_path}/members"
    rita = await hired(scene, service, "Rita", "admin")
    vault = await workspace(scene, name="Vault", visibility="private")
    there = [{"workspace_id": vault["id"], "role": "viewer"}]
    token = await offered(scene, charlie.actor.email, by=rita, workspaces=there)
    add_role(scene, "nearly-admin", [each.value for each in Permission])
    await scene.api.patch(
        f"{members}/{rita.member_id}",
        json={"role": "nearly-admin"},
        headers=scene.cast.alice.headers,
    )

    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")
    assert told(await resend(scene, charlie.actor.email, by=rita)) == (
        403,
        "cannot_grant_workspace",
    )

    again = await resent(scene, charlie.actor.email, after=token)
    member = (await accept(scene, charlie, again)).json()
    assert [grant["workspace_id"] for grant in member["workspaces"]] == [vault["id"]]


async def test_one_who_left_gives_not_even_a_role_that_permits_nothing(
    scene: Scene, eve: Player
) -> None:
    charlie = scene.cast.charlie
    add_role(scene, "guest", [])
    token = await offered(scene, charlie.actor.email, role="guest", by=eve)
    assert (await remove(scene, eve.member_id)).status_code == 204

    assert await refused(scene, charlie, token) == (409, "inviter_cannot_grant")


async def test_an_invitation_of_an_organization_that_has_gone_is_not_found(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)
    deleted = "update organizations set deleted_at = now() where org_id = %s"
    scene.admin.execute(deleted, [scene.cast.acme.organization.id])

    assert await refused(scene, charlie, token) == (404, "not_found")


async def test_who_has_the_email_has_proven_the_address(scene: Scene, service: Service) -> None:
    nora = await player(service, "Nora", verified=False)
    token = await offered(scene, nora.actor.email)
    assert not scene.is_verified(nora.actor.email)

    await accept(scene, nora, token)

    assert scene.is_verified(nora.actor.email)
    proven = "select count(*) from account_events where user_id = %s and action = %s"
    assert count(scene.admin, proven, nora.actor.id, "user.email_verified") == 1


async def test_looking_uses_nothing_up_and_tells_what_is_offered(scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email, role="developer")
    before = contents(scene)

    shown = [await scene.api.post(PREVIEW, json={"token": token}) for _ in range(2)]

    assert contents(scene) == before
    assert shown[0].json() == shown[1].json()
    told = shown[0].json()
    assert told.pop("expires_at").endswith("Z")
    assert told == {
        "organization": {"name": "Acme"},
        "email": charlie.actor.email,
        "role": {"name": "Developer"},
        "invited_by": {"name": "Alice"},
    }
