"""Making an organization: all that it begins with, and its slug."""

from typing import Any

import pytest

from tenantry.authz.builtin_permissions import BUILT_IN
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

ORGANIZATIONS = "/api/v1/organizations"


def new_name() -> str:
    """A name from which no one has a slug yet."""
    return new_address().partition("@")[0].replace(".", " ")


async def create(scene: Scene, **body: Any) -> dict[str, Any]:
    """An organization of Charlie's."""
    answer = await scene.api.post(ORGANIZATIONS, json=body, headers=scene.cast.charlie.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read(scene: Scene, path: str) -> Any:
    """What Charlie is shown."""
    answer = await scene.api.get(f"{ORGANIZATIONS}/{path}", headers=scene.cast.charlie.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_its_maker_is_its_admin(unbroken: None, scene: Scene) -> None:
    made = await create(scene, name=new_name())

    members = (await read(scene, f"{made['id']}/members"))["data"]
    assert made["kind"] == "team"
    assert made["role"]["key"] == "admin"
    assert [member["user"]["id"] for member in members] == [scene.cast.charlie.id]
    assert members[0]["role"]["key"] == "admin"
    assert [there["workspace_id"] for there in members[0]["workspaces"]] == [
        made["default_workspace_id"]
    ]


async def test_it_begins_with_one_workspace_open_to_all(scene: Scene) -> None:
    made = await create(scene, name=new_name())

    workspaces = (await read(scene, f"{made['id']}/workspaces"))["data"]

    assert [each["id"] for each in workspaces] == [made["default_workspace_id"]]
    assert workspaces[0]["is_default"] is True
    assert workspaces[0]["visibility"] == "organization"


async def test_it_begins_with_three_roles_of_the_promised_permissions(scene: Scene) -> None:
    made = await create(scene, name=new_name())

    roles = {role["key"]: role for role in (await read(scene, f"{made['id']}/roles"))["data"]}

    viewer = {"organization:read", "member:read", "role:read", "workspace:read"}
    # Admin also has what a product declares: see tests/http/permissions.
    ours = {key: set(BUILT_IN).intersection(role["permissions"]) for key, role in roles.items()}
    assert ours == {
        "admin": set(BUILT_IN),
        "developer": viewer | {"workspace:create", "workspace:update"},
        "viewer": viewer,
    }
    assert all(role["is_default"] for role in roles.values())


async def test_its_slug_is_made_from_its_name(scene: Scene) -> None:
    name = new_name()

    made = await create(scene, name=name.upper())

    assert made["slug"] == name.replace(" ", "-")


async def test_a_slug_made_from_a_name_gets_a_suffix_where_it_is_taken(scene: Scene) -> None:
    name = new_name()
    first = await create(scene, name=name)

    second = await create(scene, name=name)

    assert second["slug"].startswith(f"{first['slug']}-")
    assert len(second["slug"]) <= 48


@pytest.mark.parametrize("name", ["Admin", "日本", "!", "A"])
async def test_a_name_that_gives_no_slug_of_its_own_still_finds_one(
    scene: Scene, name: str
) -> None:
    made = await create(scene, name=name)

    assert made["name"] == name
    assert 2 <= len(made["slug"]) <= 48
    assert made["slug"] != name.lower()


async def test_a_slug_that_is_asked_for_is_given_as_it_is_or_not_at_all(scene: Scene) -> None:
    slug = new_name().replace(" ", "-")
    await create(scene, name="One", slug=slug)
    before = contents(scene)

    answer = await scene.api.post(
        ORGANIZATIONS, json={"name": "Two", "slug": slug}, headers=scene.cast.bob.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert contents(scene) == before


async def test_a_reserved_slug_is_refused(scene: Scene) -> None:
    answer = await scene.api.post(
        ORGANIZATIONS, json={"name": "One", "slug": "admin"}, headers=scene.cast.bob.headers
    )

    assert answer.status_code == 422


async def test_it_is_found_by_its_slug_by_its_members_alone(scene: Scene) -> None:
    made = await create(scene, name=new_name())
    query = {"slug": made["slug"]}

    own = await scene.api.get(ORGANIZATIONS, params=query, headers=scene.cast.charlie.headers)
    others = await scene.api.get(ORGANIZATIONS, params=query, headers=scene.cast.bob.headers)

    assert [each["id"] for each in own.json()["data"]] == [made["id"]]
    assert others.json()["data"] == []
