"""/api/v1/operator/users: list, get, disable and enable."""

import httpx2

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tests.console.visitor import Visitor
from tests.http.accounts.test_passwords import FORGOT, RESET
from tests.http.responses import ids, told
from tests.support.api.operator_calls import OPERATOR, REASON, turn, user_path
from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import PASSWORD, Cast, join, player
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

SHOWN = {"id", "email", "email_verified", "created_at", "disabled_at", "status_reason"}


async def test_an_operator_finds_a_person_by_address_and_sees_no_more_than_that(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    alice = cast.alice
    found = await api.get(
        f"{OPERATOR}/users", params={"email": alice.actor.email}, headers=cast.olga.headers
    )
    no_one = await api.get(
        f"{OPERATOR}/users", params={"email": new_address()}, headers=cast.olga.headers
    )
    got = await api.get(user_path(alice), headers=cast.olga.headers)

    assert found.json()["data"] == [got.json()]
    assert no_one.json()["data"] == []
    assert set(got.json()) == SHOWN
    assert (got.json()["email"], got.json()["email_verified"]) == (alice.actor.email, True)
    assert "Alice" not in got.text


async def test_pages_go_through_all_people_in_both_directions(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    async def page(**query: str) -> list[str]:
        answer = await api.get(f"{OPERATOR}/users", params=query, headers=cast.olga.headers)
        return ids(answer)

    assert await page(after=cast.alice.id, limit="2") == [cast.dave.id, cast.vera.id]
    down = await page(after=cast.vera.id, limit="2", order="desc")
    assert down == [cast.dave.id, cast.alice.id]


async def test_a_disabled_user_is_out_at_once_and_as_one_who_is_not_there(scene: Scene) -> None:
    api, cast, email = scene.api, scene.cast, scene.cast.vera.actor.email
    tokens = Tokens.of(await sign_in(api, email))
    reset = await scene.forgot_password(email)

    disabled = await turn(api, user_path(cast.vera), "disable", cast.olga)

    assert (disabled.status_code, disabled.json()["status_reason"]) == (200, REASON)
    assert not await is_alive(api, tokens)
    answer = await api.get(cast.acme_path, headers=cast.vera.headers)
    assert told(answer) == (401, "unauthenticated")
    again, unknown = await sign_in(api, email), await sign_in(api, new_address())
    assert again.status_code == unknown.status_code == 401
    assert _words(again) == _words(unknown)
    assert (await refresh(api, tokens.refresh)).json()["error"] == "invalid_grant"
    body = {"token": reset, "password": GOOD_PASSWORD}
    assert told(await api.post(RESET, json=body)) == (404, "not_found")
    assert (await Visitor(api).open("/reset-password", reset)).status_code == 404
    emails = len(list(scene.mailbox.glob(f"*-{email}.eml")))
    assert (await api.post(FORGOT, json={"email": email})).status_code == 202
    queued = "select count(*) from account_emails where recipient = %s"
    assert scene.admin.execute(queued, [email]).fetchone() == (emails,)


def _words(answer: httpx2.Response) -> dict[str, object]:
    return {name: told for name, told in answer.json().items() if name != "request_id"}


async def test_enabling_lets_a_person_sign_in_again_and_leaves_old_sessions_ended(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    email = cast.vera.actor.email
    tokens = Tokens.of(await sign_in(api, email))
    await turn(api, user_path(cast.vera), "disable", cast.olga)

    enabled = await turn(api, user_path(cast.vera), "enable", cast.olga, "A mistake")

    assert (enabled.json()["disabled_at"], enabled.json()["status_reason"]) == (None, "A mistake")
    assert not await is_alive(api, tokens)
    again = Tokens.of(await sign_in(api, email, PASSWORD))
    assert (await api.get(cast.acme_path, headers=again.headers)).status_code == 200


async def test_what_a_disabled_user_offered_is_not_to_be_taken_until_they_are_enabled(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    token = await scene.invited(cast.charlie.actor.email, by=eve)

    async def accept() -> httpx2.Response:
        path, headers = "/api/v1/invitations/accept", cast.charlie.headers
        return await api.post(path, json={"token": token}, headers=headers)

    await turn(api, user_path(eve), "disable", cast.olga)
    assert told(await accept()) == (409, "inviter_cannot_grant")
    await turn(api, user_path(eve), "enable", cast.olga)
    assert (await accept()).status_code == 200


async def test_the_only_admin_is_disabled_only_where_that_is_confirmed(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    alice, acme = cast.alice, cast.acme.organization
    named = {"id": show(Kind.ORGANIZATION, acme.id), "name": acme.name, "slug": acme.slug}
    path, by = f"{user_path(alice)}/disable", cast.olga.headers

    refused = await turn(api, user_path(alice), "disable", cast.olga)
    unconfirmed = {"reason": REASON, "orphan_organizations": False}

    assert told(refused) == (409, "sole_admin")
    assert refused.json()["organizations"] == [named]
    assert told(await api.post(path, json=unconfirmed, headers=by)) == (409, "sole_admin")
    assert (await api.get(cast.acme_path, headers=alice.headers)).status_code == 200
    confirmed = {"reason": REASON, "orphan_organizations": True}
    assert (await api.post(path, json=confirmed, headers=by)).status_code == 200
    assert (await api.get(cast.acme_path, headers=alice.headers)).status_code == 401


async def test_one_of_two_admins_is_disabled_without_a_question(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    await join(service, cast.charlie, cast.acme, "admin")
    assert (await turn(api, user_path(cast.alice), "disable", cast.olga)).status_code == 200


async def test_each_act_is_an_event_of_the_account_once(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    for act in ("disable", "disable", "enable", "enable"):
        assert (await turn(api, user_path(cast.vera), act, cast.olga)).status_code == 200

    events = scene.admin.execute(
        "select action, actor_id, changes -> 0 -> 'after' ->> 'status_reason'"
        " from account_events where user_id = %s and action like 'user.%%abled' order by id",
        [cast.vera.actor.id],
    ).fetchall()

    by = cast.olga.actor.id
    assert events == [("user.disabled", by, REASON), ("user.enabled", by, REASON)]


async def test_an_operator_does_not_disable_themselves(scene: Scene) -> None:
    cast = scene.cast

    refused = await turn(scene.api, user_path(cast.olga), "disable", cast.olga)

    assert told(refused) == (409, "own_account")
    assert (await scene.api.get(user_path(cast.olga), headers=cast.olga.headers)).status_code == 200


async def test_an_unknown_user_is_not_found(api: httpx2.AsyncClient, cast: Cast) -> None:
    no_one = f"{OPERATOR}/users/{show(Kind.USER, new_id())}"
    for path in (no_one, f"{OPERATOR}/users/{cast.acme_path.rpartition('/')[2]}"):
        assert told(await api.get(path, headers=cast.olga.headers)) == (404, "not_found")
        for act in ("disable", "enable"):
            assert told(await turn(api, path, act, cast.olga)) == (404, "not_found")
