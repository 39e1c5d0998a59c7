"""Offering a seat: to whom, with which role, and for how long."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tenantry.postgres.connection import Connection
from tests.support.api.invitations import accept, add_role, hired, offer, offered, workspace
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import Scene, new_address


async def invited(scene: Scene, email: str, **offering: Any) -> dict[str, Any]:
    """The invitation that was made."""
    answer = await offer(scene, email, **offering)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(scene: Scene, email: str, **offering: Any) -> tuple[int, str]:
    """Status and code of an offer that is refused, and leaves nothing behind."""
    before = contents(scene)
    answer = await offer(scene, email, **offering)
    assert contents(scene) == before
    return answer.status_code, answer.json()["code"]


async def test_a_seat_is_offered_to_a_viewer_for_seven_days(unbroken: None, scene: Scene) -> None:
    email = new_address()

    made = await invited(scene, email.title())

    created = datetime.fromisoformat(made["created_at"])
    assert made["email"] == email
    assert made["role"]["key"] == "viewer"
    assert made["status"] == "pending"
    assert made["delivery"] == "queued"
    assert made["invited_by"] == {"id": scene.cast.alice.id, "name": "Alice"}
    assert datetime.fromisoformat(made["expires_at"]) - created == timedelta(days=7)
    assert made["workspaces"] == []


@pytest.mark.parametrize("days", [1, 30])
async def test_it_is_open_as_long_as_is_asked(scene: Scene, days: int) -> None:
    made = await invited(scene, new_address(), expires_in_days=days)

    lifetime = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(
        made["created_at"]
    )
    assert lifetime == timedelta(days=days)


@pytest.mark.parametrize("workspaces", [0, 2])
async def test_an_offer_takes_four_messages_to_the_database(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, workspaces: int
) -> None:
    """Opening, the lock with all that decides, rate limits, commit."""
    made = [await workspace(scene, name=f"Team {number}") for number in range(workspaces)]
    grants = [{"workspace_id": each["id"], "role": "viewer"} for each in made]
    messages, execute = list[int](), Connection.execute_pipeline

    async def counted(self: Any, statements: Any, **options: Any) -> Any:
        messages.append(len(statements))
        return await execute(self, statements, **options)

    monkeypatch.setattr(Connection, "execute_pipeline", counted)
    await invited(scene, new_address(), workspaces=grants)
    assert len(messages) == 4, messages


async def test_a_role_is_named_by_its_key_or_its_id(scene: Scene) -> None:
    role_id = add_role(scene, "auditor", ["organization:read", "event:read"])

    by_key = await invited(scene, new_address(), role="auditor")
    by_id = await invited(scene, new_address(), role=role_id)

    assert by_key["role"] == by_id["role"] == {"id": role_id, "key": "auditor", "name": "Auditor"}


async def test_roles_in_workspaces_are_offered_with_it(scene: Scene) -> None:
    lab = await workspace(scene, name="Lab", visibility="private")
    there = {"workspace_id": lab["id"], "role": "developer"}

    made = await invited(scene, new_address(), workspaces=[there])

    assert [grant["workspace_id"] for grant in made["workspaces"]] == [lab["id"]]
    assert [grant["role"]["key"] for grant in made["workspaces"]] == ["developer"]


async def test_several_are_shown_in_one_order_however_they_were_named(scene: Scene) -> None:
    labs = [await workspace(scene, name=name) for name in ("One", "Two")]
    there = [{"workspace_id": lab["id"], "role": "viewer"} for lab in labs[::-1]]

    made = await invited(scene, new_address(), workspaces=there)

    shown = await scene.api.get(
        f"{scene.cast.acme_path}/invitations/{made['id']}", headers=scene.cast.alice.headers
    )
    assert made["workspaces"] == shown.json()["workspaces"]
    assert [grant["workspace_id"] for grant in made["workspaces"]] == [lab["id"] for lab in labs]


async def test_a_second_offer_is_refused_by_the_name_of_the_first(scene: Scene) -> None:
    email = new_address()
    first = await invited(scene, email)
    before = contents(scene)

    answer = await offer(scene, email.upper(), role="admin")

    assert (answer.status_code, answer.json()["code"]) == (409, "invitation_pending")
    assert answer.json()["invitation_id"] == first["id"]
    assert contents(scene) == before


async def test_another_organization_may_invite_the_same_address(
    unbroken: None, scene: Scene
) -> None:
    email = new_address()
    await invited(scene, email)

    other = await invited(scene, email, by=scene.cast.bob, path=scene.cast.bobs_path)

    assert other["status"] == "pending"


async def test_an_offer_whose_time_is_over_is_replaced(unbroken: None, scene: Scene) -> None:
    email = new_address()
    first = await offered(scene, email)
    scene.change_invitation(email, "expires_at = now()")

    second = await invited(scene, email, role="developer")

    states = "select count(*) from invitations where email = %s and status = %s"
    assert [count(scene.admin, states, email, each) for each in ("expired", "pending")] == [1, 1]
    assert second["role"]["key"] == "developer"
    answer = await scene.api.post("/api/v1/invitations/preview", json={"token": first})
    assert (answer.status_code, answer.json()["code"]) == (410, "invitation_expired")


async def test_a_member_is_not_invited_whatever_the_case_of_the_address(scene: Scene) -> None:
    email = scene.cast.vera.actor.email
    assert await refused(scene, email) == (409, "already_member")
    assert await refused(scene, email.upper()) == (409, "already_member")


async def test_no_one_invites_beyond_their_own_permissions(scene: Scene, service: Service) -> None:
    viewer = ["organization:read", "member:read", "role:read", "workspace:read"]
    add_role(scene, "recruiter", [*viewer, "member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")
    there = {"workspace_id": scene.cast.workspace_id}

    beyond = [
        {"role": "admin"},
        {"role": "developer"},
        {"workspaces": [{**there, "role": "developer"}]},
        {"workspaces": [{**there, "role": "admin"}]},
    ]
    for offering in beyond:
        assert await refused(scene, new_address(), by=rita, **offering) == (
            403,
            "cannot_grant_role",
        )
    within = {"role": "recruiter", "workspaces": [{**there, "role": "viewer"}]}
    assert (await invited(scene, new_address(), by=rita, **within))["role"]["key"] == "recruiter"


async def test_what_one_may_not_give_is_named(scene: Scene, service: Service) -> None:
    add_role(scene, "recruiter", ["member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")

    answer = await offer(scene, new_address(), by=rita, role="viewer")

    assert answer.json()["missing_permissions"] == [
        *("member:read", "organization:read", "role:read", "workspace:read")
    ]


async def test_an_unknown_role_or_workspace_is_no_offer(scene: Scene) -> None:
    cast = scene.cast
    nowhere = {"workspace_id": show(Kind.WORKSPACE, new_id()), "role": "viewer"}
    foreign = {"workspace_id": show(Kind.WORKSPACE, cast.bobs.workspace.id), "role": "viewer"}
    ctx = {"workspace_id": cast.workspace_id, "role": "no-such-role"}

    for role in ("no-such-role", show(Kind.ROLE, new_id()), await _bobs_role(scene)):
        assert await refused(scene, new_address(), role=role) == (422, "role_unknown")
    for there in (nowhere, foreign):
        answer = await refused(scene, new_address(), workspaces=[there])
        assert answer == (422, "workspace_unknown")
    assert await refused(scene, new_address(), workspaces=[ctx]) == (422, "role_unknown")


async def _bobs_role(scene: Scene) -> str:
    answer = await scene.api.get(f"{scene.cast.bobs_path}/roles", headers=scene.cast.bob.headers)
    return answer.json()["data"][0]["id"]


async def test_a_private_workspace_that_one_does_not_see_is_as_unknown(
    scene: Scene, service: Service
) -> None:
    vault = await workspace(scene, name="Vault", visibility="private")
    add_role(scene, "recruiter", ["workspace:read", "member:invite"])
    rita = await hired(scene, service, "Rita", "recruiter")
    there = [{"workspace_id": vault["id"], "role": "recruiter"}]

    answer = await refused(scene, new_address(), by=rita, role="recruiter", workspaces=there)

    assert answer == (422, "workspace_unknown")


async def test_no_one_is_invited_into_an_archived_workspace(scene: Scene) -> None:
    lab = await workspace(scene, name="Lab")
    archive = "update workspaces set archived_at = now() where org_id = %s and slug = 'lab'"
    scene.admin.execute(archive, [scene.cast.acme.organization.id])
    there = [{"workspace_id": lab["id"], "role": "viewer"}]

    assert await refused(scene, new_address(), workspaces=there) == (409, "workspace_archived")


async def test_a_personal_organization_may_invite(unbroken: None, scene: Scene) -> None:
    charlie, bob = scene.cast.charlie, scene.cast.bob
    path = f"/api/v1/organizations/{show(Kind.ORGANIZATION, charlie.personal_id)}"
    token = await offered(scene, bob.actor.email, by=charlie, path=path)

    assert (await accept(scene, bob, token)).status_code == 200

    assert (await scene.api.get(path, headers=bob.headers)).json()["role"]["key"] == "viewer"
