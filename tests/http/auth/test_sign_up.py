"""POST /api/v1/auth/sign-up."""

from typing import Any

import httpx2

from tests.conftest import ClientOf
from tests.http.accounts.test_sign_up import SIGN_UP
from tests.http.responses import BAD_NAMES, ORGANIZATIONS, ids, pointers, told
from tests.support.cast import PASSWORD
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address


async def sign_up(api: httpx2.AsyncClient, **body: Any) -> httpx2.Response:
    """The answer to somebody who signs up."""
    return await api.post(SIGN_UP, json={"email": new_address(), "password": PASSWORD, **body})


async def test_all_of_it_can_be_read_at_once(api: httpx2.AsyncClient) -> None:
    answer = await sign_up(api, name="Nora")

    given = answer.json()
    api.headers["Authorization"] = f"Bearer {given['access_token']}"
    own = f"{ORGANIZATIONS}/{given['organization']['id']}"
    roles = (await api.get(f"{own}/roles")).json()["data"]
    (member,) = (await api.get(f"{own}/members")).json()["data"]
    assert answer.status_code == 201
    assert (await api.get("/api/v1/me")).json() == given["user"]
    assert (await api.get(own)).json() == given["organization"]
    assert (await api.get(f"{own}/workspaces")).json()["data"] == [given["workspace"]]
    assert [role["key"] for role in roles] == ["admin", "developer", "viewer"]
    assert (member["user"]["id"], member["role"]["key"]) == (given["user"]["id"], "admin")


async def test_tokens_are_to_be_kept_by_no_one_on_the_way(api: httpx2.AsyncClient) -> None:
    answer = await sign_up(api)

    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_with_an_invitation_one_joins_at_once_with_a_proven_address(scene: Scene) -> None:
    email = new_address()
    token = await scene.invited(email, role="developer")

    given = (await sign_up(scene.api, email=email.upper(), invitation_token=token)).json()

    headers = {"Authorization": f"Bearer {given['access_token']}"}
    acme = await scene.api.get(scene.cast.acme_path, headers=headers)
    assert given["user"]["email_verified"] is True
    assert given["organization"]["kind"] == "personal"
    assert acme.json()["role"]["key"] == "developer"


async def test_an_invitation_for_another_address_lets_no_one_in(scene: Scene) -> None:
    token = await scene.invited(new_address())
    before = contents(scene)

    answer = await sign_up(scene.api, invitation_token=token)

    assert told(answer) == (403, "invitation_for_another_email")
    assert contents(scene) == before


async def test_a_spent_or_unknown_invitation_makes_no_account(scene: Scene) -> None:
    email = new_address()
    token = await scene.invited(email)
    scene.change_invitation(email, "status = 'revoked'")
    before = contents(scene)

    spent = await sign_up(scene.api, email=email, invitation_token=token)
    unknown = await sign_up(scene.api, email=email, invitation_token="A" * 43)

    assert told(spent) == (410, "invitation_revoked")
    assert told(unknown) == (404, "not_found")
    assert contents(scene) == before


async def test_who_has_an_account_accepts_by_signing_in(scene: Scene) -> None:
    email = scene.cast.charlie.actor.email
    token = await scene.invited(email)

    answer = await sign_up(scene.api, email=email, invitation_token=token)

    assert told(answer) == (409, "email_taken")
    assert scene.role_of(email) is None


async def test_where_one_needs_an_invitation_it_is_asked_for(
    client_of: ClientOf, scene: Scene
) -> None:
    by_invitation = await client_of(sign_up="invite")
    email = new_address()
    token = await scene.invited(email)

    without = await sign_up(by_invitation, email=email)
    wrong = await sign_up(by_invitation, email=email, invitation_token="A" * 43)
    invited = await sign_up(by_invitation, email=email, invitation_token=token)

    assert told(without) == (403, "sign_up_closed")
    assert told(wrong) == (404, "not_found")
    assert invited.status_code == 201


async def test_where_it_is_closed_an_invitation_does_not_help(
    client_of: ClientOf, scene: Scene
) -> None:
    closed = await client_of(sign_up="closed")
    email = new_address()
    token = await scene.invited(email)
    before = contents(scene)

    for body in ({}, {"invitation_token": token}):
        assert told(await sign_up(closed, email=email, **body)) == (403, "sign_up_closed")

    assert contents(scene) == before


async def test_what_is_not_acceptable_is_refused_by_name(scene: Scene) -> None:
    # An account needs no name: null is as good as none.
    names = [name for name in BAD_NAMES if name is not None]
    wrong: dict[str, list[Any]] = {
        "email": ["", "nobody", "a@b", "a@-b.example", "ü@example.com", "x" * 250 + "@b.example"],
        "password": [None, 5, ["x" * 12]],
        "name": names,
        "invitation_token": ["", "x" * 201, 5],
        "email_verified": [True],
    }
    before = contents(scene)

    for field, values in wrong.items():
        for value in values:
            answer = await sign_up(scene.api, **{field: value})
            assert pointers(answer) == [f"#/{field}"], (field, value)

    assert contents(scene) == before


async def test_spaces_and_all_characters_are_welcome_in_a_password(api: httpx2.AsyncClient) -> None:
    for password in (
        "  drei Füchse im Schnee ",
        "静かな湖に浮かぶ白い鳥たち",
        "🦊 lantern meadow 🦊",
    ):
        email = new_address()
        assert (await sign_up(api, email=email, password=password)).status_code == 201
        form = {"grant_type": "password", "username": email, "password": password}
        assert (await api.post("/api/v1/auth/token", data=form)).status_code == 200


async def test_no_one_else_sees_the_new_organization(scene: Scene) -> None:
    given = (await sign_up(scene.api)).json()["organization"]["id"]

    listed = await scene.api.get(ORGANIZATIONS, headers=scene.cast.bob.headers)
    direct = await scene.api.get(f"{ORGANIZATIONS}/{given}", headers=scene.cast.bob.headers)

    assert given not in ids(listed)
    assert told(direct) == (404, "not_found")
