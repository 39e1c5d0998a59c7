"""Invitations to one's own address: seen and answered by who has proven it, and by no one else."""

from typing import Any

import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.support.api.invitation_responses import MINE, decline, invitation_id, resend, told
from tests.support.api.invitations import offered, remove
from tests.support.cast import Player, found, player
from tests.support.scene import Scene


async def listed(scene: Scene, who: Player, **query: Any) -> dict[str, Any]:
    """What somebody sees."""
    answer = await scene.api.get(MINE, params=query, headers=who.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def answered(scene: Scene, who: Player, email: str, verb: str) -> tuple[int, str | None]:
    """What is said to who accepts or declines the invitation of an address."""
    path = f"{MINE}/{invitation_id(scene, email)}/{verb}"
    return told(await scene.api.post(path, headers=who.headers))


async def test_what_is_open_in_any_organization_is_listed(scene: Scene, service: Service) -> None:
    charlie, cast = scene.cast.charlie, scene.cast
    await offered(scene, charlie.actor.email, role="developer")
    await offered(scene, charlie.actor.email, by=cast.bob, path=cast.bobs_path)

    first, second = (await listed(scene, charlie))["data"]

    assert first["organization"] == {"name": "Acme"}
    assert (first["role"]["key"], first["invited_by"]["name"]) == ("developer", "Alice")
    assert second["organization"] == {"name": "Bob's"}
    assert (await listed(scene, cast.vera))["data"] == []


async def test_it_is_paged_in_both_directions(scene: Scene, service: Service) -> None:
    charlie, alice = scene.cast.charlie, scene.cast.alice
    for name in ("Umbrella", "Initech"):
        made = await found(service, alice, name)
        path = f"/api/v1/organizations/{_id(made)}"
        await offered(scene, charlie.actor.email, by=alice, path=path)
    await offered(scene, charlie.actor.email)

    for order in ("asc", "desc"):
        whole = [each["id"] for each in (await listed(scene, charlie, order=order))["data"]]
        page = await listed(scene, charlie, limit=2, order=order)
        rest = await listed(
            scene, charlie, limit=2, order=order, after=page["list_metadata"]["after"]
        )
        ids = [each["id"] for each in (*page["data"], *rest["data"])]
        assert ids == whole == sorted(whole, reverse=order == "desc")
        assert rest["list_metadata"]["after"] is None


def _id(made: Any) -> str:
    return show(Kind.ORGANIZATION, made.organization.id)


@pytest.mark.parametrize("change", ["status = 'revoked'", "expires_at = now()"])
async def test_what_is_closed_is_not_listed(scene: Scene, change: str) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email)
    scene.change_invitation(charlie.actor.email, change)

    assert (await listed(scene, charlie))["data"] == []


async def test_what_a_deleted_organization_offered_is_not_there(scene: Scene) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email)
    deleted = "update organizations set deleted_at = now() where org_id = %s"
    scene.admin.execute(deleted, [scene.cast.acme.organization.id])

    assert (await listed(scene, charlie))["data"] == []
    assert await answered(scene, charlie, charlie.actor.email, "accept") == (404, "not_found")


async def test_one_joins_without_the_email_and_again_is_the_same_member(
    unbroken: None, scene: Scene
) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email, role="developer")
    path = f"{MINE}/{invitation_id(scene, charlie.actor.email)}/accept"

    first, again = [await scene.api.post(path, headers=charlie.headers) for _ in range(2)]

    assert first.json()["role"]["key"] == "developer"
    assert first.json() == again.json()
    assert (await remove(scene, first.json()["id"])).status_code == 204
    assert told(await scene.api.post(path, headers=charlie.headers)) == (
        410,
        "invitation_accepted",
    )


async def test_one_declines_without_the_email(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    token = await offered(scene, charlie.actor.email)

    assert await answered(scene, charlie, charlie.actor.email, "decline") == (204, None)

    assert told(await decline(scene, token)) == (410, "invitation_declined")
    assert (await listed(scene, charlie))["data"] == []


async def test_a_resent_one_is_still_ones_own(unbroken: None, scene: Scene) -> None:
    charlie = scene.cast.charlie
    await offered(scene, charlie.actor.email)
    assert (await resend(scene, charlie.actor.email)).status_code == 200

    assert await answered(scene, charlie, charlie.actor.email, "accept") == (200, None)


@pytest.mark.parametrize("verb", ["accept", "decline"])
async def test_another_persons_is_not_found(scene: Scene, verb: str) -> None:
    email = scene.cast.charlie.actor.email
    await offered(scene, email)

    for other in (scene.cast.bob, scene.cast.alice, scene.cast.vera):
        assert await answered(scene, other, email, verb) == (404, "not_found")


async def test_who_has_not_proven_the_address_sees_and_answers_nothing(
    scene: Scene, service: Service
) -> None:
    nora = await player(service, "Nora", verified=False)
    await offered(scene, nora.actor.email)
    unproven = (409, "account_unverified")

    assert told(await scene.api.get(MINE, headers=nora.headers)) == unproven
    for verb in ("accept", "decline"):
        assert await answered(scene, nora, nora.actor.email, verb) == unproven
