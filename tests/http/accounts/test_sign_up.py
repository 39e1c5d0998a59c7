"""Signing up: a person with all that they begin with, in one transaction."""

from typing import Any

import pytest

from tenantry.kit.ids import Kind, parse
from tests.support.cast import PASSWORD
from tests.support.database.contents import contents
from tests.support.database.lock_waits import count
from tests.support.scene import GUESSABLE_PASSWORD, Scene, new_address

SIGN_UP = "/api/v1/auth/sign-up"


async def sign_up(scene: Scene, email: str, **more: Any) -> dict[str, Any]:
    """What somebody new is given."""
    answer = await scene.api.post(SIGN_UP, json={"email": email, "password": PASSWORD, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_person_begins_with_an_organization_of_their_own(
    unbroken: None, scene: Scene
) -> None:
    email = new_address()

    given = await sign_up(scene, email, name="Nora")

    assert given["user"]["email"] == email
    assert given["user"]["name"] == "Nora"
    assert given["user"]["email_verified"] is False
    assert given["organization"]["kind"] == "personal"
    assert given["organization"]["role"]["key"] == "admin"
    assert given["workspace"]["id"] == given["organization"]["default_workspace_id"]
    assert given["workspace"]["is_default"] is True
    assert given["workspace"]["role"]["key"] == "admin"


async def test_all_of_it_is_written_at_one_moment(scene: Scene) -> None:
    given = await sign_up(scene, new_address())
    org_id = parse(Kind.ORGANIZATION, given["organization"]["id"])

    (transactions,) = scene.admin.execute(
        """
        select count(distinct x.xmin::text) from (
          select xmin from organizations where org_id = %(org)s
          union all select xmin from workspaces where org_id = %(org)s
          union all select xmin from roles where org_id = %(org)s
          union all select xmin from memberships where org_id = %(org)s
          union all select xmin from workspace_memberships where org_id = %(org)s
          union all select xmin from events where org_id = %(org)s
          union all select u.xmin from users u join organizations o on o.owner_id = u.id
                     where o.org_id = %(org)s) x
        """,
        {"org": org_id},
    ).fetchall()[0]

    assert transactions == 1
    roles = "select count(*) from roles where org_id = %s"
    assert count(scene.admin, roles, org_id) == 3


async def test_who_signs_up_is_signed_in(scene: Scene) -> None:
    given = await sign_up(scene, new_address())

    answer = await scene.api.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {given['access_token']}"}
    )

    assert answer.status_code == 200
    assert answer.json() == given["user"]


async def test_without_a_name_the_address_gives_one(scene: Scene) -> None:
    email = new_address()

    given = await sign_up(scene, email)

    assert given["user"]["name"] == email.partition("@")[0]


async def test_two_people_of_one_name_have_organizations_of_different_slugs(scene: Scene) -> None:
    name = new_address().partition("@")[0]

    first = await sign_up(scene, new_address(), name=name)
    second = await sign_up(scene, new_address(), name=name)

    slugs = [first["organization"]["slug"], second["organization"]["slug"]]
    assert slugs[0] != slugs[1]
    assert slugs[1].startswith(slugs[0][:40])


async def test_the_address_is_kept_in_one_form(scene: Scene) -> None:
    email = new_address()

    given = await sign_up(scene, email.upper())

    assert given["user"]["email"] == email
    assert await scene.can_sign_in(email.title(), PASSWORD)


async def test_a_known_address_is_refused_in_any_case_and_nothing_is_kept(scene: Scene) -> None:
    email = new_address()
    await sign_up(scene, email)
    before = contents(scene)

    answer = await scene.api.post(SIGN_UP, json={"email": email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert contents(scene) == before


@pytest.mark.parametrize("password", [GUESSABLE_PASSWORD, "too short", "x" * 257])
async def test_a_password_that_is_no_good_is_refused_and_nothing_is_kept(
    scene: Scene, password: str
) -> None:
    before = contents(scene)

    answer = await scene.api.post(SIGN_UP, json={"email": new_address(), "password": password})

    assert (answer.status_code, answer.json()["code"]) == (422, "weak_password")
    assert answer.json()["errors"][0]["pointer"] == "#/password"
    assert password not in answer.text
    assert contents(scene) == before


async def test_ones_own_address_is_no_password(scene: Scene) -> None:
    email = new_address()

    answer = await scene.api.post(SIGN_UP, json={"email": email, "password": email})

    assert (answer.status_code, answer.json()["code"]) == (422, "weak_password")


async def test_the_password_is_kept_as_argon2id_alone(scene: Scene) -> None:
    email = new_address()
    await sign_up(scene, email)

    (kept,) = scene.admin.execute(
        "select password_hash from users where email = %s", [email]
    ).fetchall()[0]

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
