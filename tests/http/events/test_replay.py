"""Events tell everything: replayed from the first, they give what lies in the tables (I9)."""

from uuid import UUID

import pytest

from tenantry.kit.ids import Kind, parse
from tests.http.organizations.test_create_effects import ORGANIZATIONS, create, new_name
from tests.support.api.invitations import accept, offer, offered, sign_up_with, workspace
from tests.support.database.lock_waits import count
from tests.support.database.replay import differences, not_compared, present, replayed
from tests.support.scene import Scene, new_address


@pytest.fixture
async def path(scene: Scene) -> str:
    """The way to an organization of Charlie's in which everything happens that can by now."""
    made = await create(scene, name=new_name(), metadata={"plan": "free", "region": "eu"})
    path, charlie = f"{ORGANIZATIONS}/{made['id']}", scene.cast.charlie
    open_one = await workspace(scene, by=charlie, path=path, name="Lab", metadata={"k": "v"})
    private = await workspace(scene, by=charlie, path=path, name="Vault", visibility="private")
    there = [
        {"workspace_id": open_one["id"], "role": "viewer"},
        {"workspace_id": private["id"], "role": "developer"},
    ]
    nora, bob = new_address(), scene.cast.bob
    token = await offered(scene, nora, by=charlie, path=path, role="developer", workspaces=there)
    assert (await sign_up_with(scene, nora, token)).status_code == 201
    token = await offered(scene, bob.actor.email, by=charlie, path=path, workspaces=there)
    gone = (await accept(scene, bob, token)).json()["id"]
    await _change(scene, path, {"name": "Umbrella", "metadata": {"plan": None, "tier": "1"}})
    await _replace_an_expired_invitation(scene, path)
    removed = await scene.api.delete(f"{path}/members/{gone}", headers=charlie.headers)
    assert removed.status_code == 204
    return path


async def _change(scene: Scene, path: str, changes: dict[str, object]) -> None:
    headers = scene.cast.charlie.headers
    assert (await scene.api.patch(path, json=changes, headers=headers)).status_code == 200


async def _replace_an_expired_invitation(scene: Scene, path: str) -> None:
    email = new_address()
    for _ in range(2):
        answer = await offer(scene, email, by=scene.cast.charlie, path=path)
        assert answer.status_code == 201
        past = "update invitations set expires_at = now() where email = %s and status = 'pending'"
        scene.admin.execute(past, [email])


def org_id(path: str) -> UUID:
    """The organization of a path."""
    found = parse(Kind.ORGANIZATION, path.rpartition("/")[2])
    assert found is not None
    return found


async def test_replayed_the_events_of_an_organization_give_all_that_is_in_it(
    unbroken: None, scene: Scene, path: str
) -> None:
    told, there = replayed(scene.admin, org_id(path)), present(scene.admin, org_id(path))
    for state in (told, there):
        for key, known in state.items():
            if key[0] == "invitation":
                del known["expires_at"]  # the fixture let time pass in the table alone

    assert differences(told, there) == {}
    assert {key[0] for key in there} == {
        *("organization", "workspace", "role", "member", "workspace_member", "invitation")
    }


async def test_replayed_the_events_of_a_personal_organization_give_all_that_is_in_it(
    unbroken: None, scene: Scene
) -> None:
    for each in (scene.cast.charlie.personal_id, scene.cast.alice.personal_id):
        assert differences(replayed(scene.admin, each), present(scene.admin, each)) == {}


def test_every_column_is_compared_with_the_events(scene: Scene) -> None:
    assert not_compared(scene.admin) == []


async def test_the_events_of_an_organization_come_in_the_order_of_its_acts(
    scene: Scene, path: str
) -> None:
    answer = await scene.api.get(f"{path}/events", headers=scene.cast.charlie.headers)
    shown = answer.json()["data"]

    assert [event["action"] for event in shown] == [
        "organization.created",
        "workspace.created",
        "workspace.created",
        "invitation.created",
        "invitation.accepted",
        "invitation.created",
        "invitation.accepted",
        "organization.updated",
        "invitation.created",
        "invitation.created",
        "member.removed",
    ]
    times = [event["occurred_at"] for event in shown]
    assert times == sorted(times)
    assert len(shown) == count(
        scene.admin, "select count(*) from events where org_id = %s", org_id(path)
    )
