"""The members of an organization, as its members see them."""

from typing import Any

import pytest

from tenantry.kit.ids import Kind, new_id, show
from tests.support.api.invitations import workspace
from tests.support.cast import Player
from tests.support.scene import Scene, new_address


async def members(scene: Scene, who: Player | None = None, **query: Any) -> list[dict[str, Any]]:
    """The members that somebody is shown: Alice, where no one else is named."""
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/members",
        params=query,
        headers=(who or scene.cast.alice).headers,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def names(listed: list[dict[str, Any]]) -> list[str]:
    """Who it is."""
    return [member["user"]["name"] for member in listed]


async def test_all_members_are_listed_in_the_order_of_their_joining(scene: Scene) -> None:
    assert names(await members(scene)) == ["Alice", "Dave", "Vera"]
    assert names(await members(scene, order="desc")) == ["Vera", "Dave", "Alice"]
    assert names(await members(scene, scene.cast.vera)) == ["Alice", "Dave", "Vera"]


async def test_a_member_is_found_by_address_in_any_case(scene: Scene) -> None:
    email = scene.cast.dave.actor.email

    assert names(await members(scene, email=email)) == ["Dave"]
    assert names(await members(scene, email=email.upper())) == ["Dave"]
    assert await members(scene, email=new_address()) == []
    assert await members(scene, email=scene.cast.charlie.actor.email) == []


async def test_members_are_found_by_the_key_or_the_id_of_their_role(scene: Scene) -> None:
    (vera,) = await members(scene, role="viewer")

    assert vera["user"]["name"] == "Vera"
    assert names(await members(scene, role=vera["role"]["id"])) == ["Vera"]
    assert await members(scene, role="no-such-role") == []
    assert await members(scene, role=show(Kind.ROLE, new_id())) == []


async def test_both_filters_together_narrow_further(scene: Scene) -> None:
    email = scene.cast.dave.actor.email

    assert names(await members(scene, email=email, role="developer")) == ["Dave"]
    assert await members(scene, email=email, role="viewer") == []


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_follow_one_another_even_past_a_member_who_has_gone(
    scene: Scene, order: str
) -> None:
    whole = names(await members(scene, order=order))
    (first,) = await members(scene, order=order, limit=1)
    gone = scene.cast.dave.membership
    assert gone is not None
    scene.admin.execute("delete from memberships where id = %s", [gone.id])

    after = await members(scene, order=order, after=scene.cast.dave.member_id)

    assert [first["user"]["name"], *names(after)] == [each for each in whole if each != "Dave"]


async def test_a_private_workspace_is_shown_to_its_members_and_admins_alone(
    scene: Scene,
) -> None:
    dave = scene.cast.dave
    vault = await workspace(scene, by=dave, name="Vault", visibility="private")

    seen_by = {
        who.actor.name: [
            grant["workspace_id"]
            for grant in (await members(scene, who, email=dave.actor.email))[0]["workspaces"]
        ]
        for who in (scene.cast.alice, dave, scene.cast.vera)
    }

    assert seen_by == {"Alice": [vault["id"]], "Dave": [vault["id"]], "Vera": []}


async def test_one_member_is_shown_as_the_list_shows_them(scene: Scene) -> None:
    cast = scene.cast
    (listed,) = await members(scene, email=cast.vera.actor.email)

    answer = await scene.api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}", headers=cast.dave.headers
    )

    assert answer.json() == listed
