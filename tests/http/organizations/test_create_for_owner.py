"""POST /api/v1/organizations with `owner`: an operator opens an organization for somebody else."""

from typing import Any

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import new_id
from tests.console.visitor import Visitor
from tests.http.organizations.test_create_effects import new_name
from tests.http.responses import ORGANIZATIONS, ids, pointers, told
from tests.support.api.operator_calls import turn, user_path
from tests.support.api.signed_in import Tokens, sign_in
from tests.support.cast import Cast, player
from tests.support.database.contents import contents
from tests.support.mail.mailbox import email_to, part, token_in
from tests.support.scene import GOOD_PASSWORD, Scene, new_address


async def opened(
    api: httpx2.AsyncClient, cast: Cast, email: str, *, key: str = "", **owner: Any
) -> httpx2.Response:
    """The answer to Olga, who opens an organization for somebody."""
    body = {"name": new_name(), "owner": {"email": email, **owner}}
    keyed = {"Idempotency-Key": key} if key else {}
    return await api.post(ORGANIZATIONS, json=body, headers={**cast.olga.headers, **keyed})


async def test_the_owner_becomes_the_admin_and_the_operator_no_member(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    made = await opened(api, cast, cast.charlie.actor.email)

    assert made.status_code == 201
    assert made.json()["role"]["key"] == "admin"
    seen = await api.get(made.headers["location"], headers=cast.charlie.headers)
    assert seen.json() == made.json()
    members = await api.get(f"{made.headers['location']}/members", headers=cast.charlie.headers)
    assert [each["user"]["id"] for each in members.json()["data"]] == [cast.charlie.id]
    hidden = await api.get(made.headers["location"], headers=cast.olga.headers)
    assert told(hidden) == (404, "not_found")


async def test_an_owner_with_an_account_reads_of_it_and_needs_no_password(scene: Scene) -> None:
    charlie = scene.cast.charlie

    made = await opened(scene.api, scene.cast, charlie.actor.email)

    email = await email_to(scene.mailbox, charlie.actor.email)
    assert email["Subject"] == f"{made.json()['name']} was created for you"
    assert "Hello Charlie," in part(email, "plain")
    assert "Olga" not in email.as_string()
    assert "token=" not in part(email, "plain")


async def test_an_owner_without_an_account_is_asked_for_a_password_and_comes_in(
    scene: Scene,
) -> None:
    api, email = scene.api, new_address()
    made = await opened(api, scene.cast, email.upper(), name="Nora Neu")

    message = await email_to(scene.mailbox, email, subject="Choose a password")
    assert "Hello Nora Neu," in part(message, "plain")
    assert made.json()["name"] in part(message, "plain")
    assert (await sign_in(api, email, GOOD_PASSWORD)).status_code == 401
    visitor = Visitor(api)
    page = await visitor.open("/reset-password", token_in(message))
    assert "Choose a password" in page.text
    assert "signed out" not in page.text
    chosen = {"password": GOOD_PASSWORD}
    done = await visitor.post("/reset-password", token_in(message), chosen)
    assert "Password set" in done.text

    tokens = Tokens.of(await sign_in(api, email, GOOD_PASSWORD))
    me = (await api.get("/api/v1/me", headers=tokens.headers)).json()
    assert (me["email"], me["email_verified"], me["name"]) == (email, True, "Nora Neu")
    mine = await api.get(ORGANIZATIONS, headers=tokens.headers)
    kinds = {each["id"]: each["kind"] for each in mine.json()["data"]}
    assert kinds.pop(made.json()["id"]) == "team"
    assert list(kinds.values()) == ["personal"]


async def test_an_owner_without_a_name_is_called_by_the_address(scene: Scene) -> None:
    email = new_address()
    await opened(scene.api, scene.cast, email)
    named = "select name from users where email = %s"
    assert scene.admin.execute(named, [email]).fetchone() == (email.partition("@")[0],)


async def test_the_event_names_the_operator_and_the_owner(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    made = await opened(api, cast, cast.charlie.actor.email)

    answer = await api.get(f"{made.headers['location']}/events", headers=cast.charlie.headers)

    (event,) = answer.json()["data"]
    assert event["action"] == "organization.created"
    assert event["actor"] == {"type": "operator", "id": cast.olga.id, "name": "Olga"}
    assert [each["id"] for each in event["targets"]] == [made.json()["id"], cast.charlie.id]


async def test_an_account_that_is_not_proven_or_is_disabled_is_given_nothing(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    unproven = (await player(service, "Una", verified=False)).actor.email
    await turn(api, user_path(cast.vera), "disable", cast.olga)
    before = contents(scene)

    for email, code in (
        (unproven, "account_unverified"),
        (cast.vera.actor.email, "account_disabled"),
    ):
        assert told(await opened(api, cast, email)) == (409, code)

    assert contents(scene) == before


async def test_who_is_no_operator_names_no_owner(scene: Scene) -> None:
    cast, before = scene.cast, contents(scene)
    body = {"name": "Umbrella", "owner": {"email": new_address()}}

    refused = await scene.api.post(ORGANIZATIONS, json=body, headers=cast.alice.headers)
    no_one = await scene.api.post(ORGANIZATIONS, json=body)

    assert told(refused) == (403, "operator_required")
    assert told(no_one) == (401, "unauthenticated")
    assert contents(scene) == before


async def test_a_slug_that_is_taken_leaves_no_account_behind(scene: Scene) -> None:
    email, before = new_address(), contents(scene)
    body = {"name": "X", "slug": scene.cast.acme.organization.slug, "owner": {"email": email}}

    refused = await scene.api.post(ORGANIZATIONS, json=body, headers=scene.cast.olga.headers)

    assert told(refused) == (409, "slug_taken")
    assert contents(scene) == before


async def test_what_an_owner_is_given_is_checked(api: httpx2.AsyncClient, cast: Cast) -> None:
    assert pointers(await opened(api, cast, "nobody")) == ["#/owner/email"]
    assert pointers(await opened(api, cast, new_address(), name=" ")) == ["#/owner/name"]
    assert pointers(await opened(api, cast, new_address(), role="admin")) == ["#/owner/role"]


async def test_the_same_call_again_makes_nothing_more_and_is_for_operators_still(
    scene: Scene,
) -> None:
    cast, email, key = scene.cast, new_address(), str(new_id())
    body = {"name": new_name(), "owner": {"email": email}}
    headers = {**cast.olga.headers, "Idempotency-Key": key}

    first = await scene.api.post(ORGANIZATIONS, json=body, headers=headers)
    again = await scene.api.post(ORGANIZATIONS, json=body, headers=headers)
    scene.admin.execute("delete from operators where user_id = %s", [cast.olga.actor.id])
    refused = await scene.api.post(ORGANIZATIONS, json=body, headers=headers)

    assert first.status_code == again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert told(refused) == (403, "operator_required")


async def test_the_operators_own_list_stays_as_it_was(api: httpx2.AsyncClient, cast: Cast) -> None:
    made = await opened(api, cast, cast.charlie.actor.email)
    mine = await api.get(ORGANIZATIONS, headers=cast.olga.headers)
    assert made.json()["id"] not in ids(mine)
