"""/api/v1/operator: what is needed at night, and what stays out of an operator's reach."""

import asyncio
from typing import Any

import httpx2
import pytest

from tenantry.http.service import Service
from tests.http.responses import ORGANIZATIONS, ids, told
from tests.support.api.operator_calls import org_path, turn, user_path
from tests.support.api.signed_in import Tokens, is_alive, refresh, sign_in
from tests.support.cast import Player, player
from tests.support.mail.mailbox import email_to, part
from tests.support.scene import Scene, new_address

WHY = "Asked by phone, ticket 4711"


async def name_admin(scene: Scene, email: str, by: Player | None = None) -> httpx2.Response:
    """The answer to an operator who names an Admin of Acme."""
    body = {"email": email, "reason": WHY}
    headers = (by or scene.cast.olga).headers
    return await scene.api.post(f"{org_path(scene.cast)}/admins", json=body, headers=headers)


def orphaned(scene: Scene) -> None:
    """Acme's only Admin cannot come in any more."""
    scene.admin.execute(
        "update users set disabled_at = now() where id = %s", [scene.cast.alice.actor.id]
    )


async def newest_event(scene: Scene, reader: Player) -> dict[str, Any]:
    """What happened last in Acme."""
    path, query = f"{scene.cast.acme_path}/events", {"order": "desc", "limit": "1"}
    answer = await scene.api.get(path, params=query, headers=reader.headers)
    (event,) = answer.json()["data"]
    return event


async def test_a_person_is_signed_out_everywhere_and_may_sign_in_again(scene: Scene) -> None:
    api, cast, email = scene.api, scene.cast, scene.cast.vera.actor.email
    tokens = Tokens.of(await sign_in(api, email))

    ended = await turn(api, user_path(cast.vera), "end-sessions", cast.olga, WHY)

    assert (ended.status_code, ended.json()["status_reason"]) == (200, WHY)
    assert not await is_alive(api, tokens)
    assert (await refresh(api, tokens.refresh)).json()["error"] == "invalid_grant"
    assert scene.open_sessions(email) == 0
    assert (await sign_in(api, email)).status_code == 200
    event = scene.admin.execute(
        "select action, actor_id, changes -> 0 -> 'after' ->> 'status_reason'"
        " from account_events where user_id = %s and action = 'user.signed_out'",
        [cast.vera.actor.id],
    )
    assert event.fetchall() == [("user.signed_out", cast.olga.actor.id, WHY)]


async def test_an_organization_is_deleted_and_restored_with_who_did_it_and_why(
    scene: Scene,
) -> None:
    api, cast = scene.api, scene.cast

    deleted = await turn(api, org_path(cast), "delete", cast.olga, WHY)

    assert deleted.status_code == 200
    assert (deleted.json()["deleted_at"] is None, deleted.json()["status_reason"]) == (False, WHY)
    assert told(await api.get(cast.acme_path, headers=cast.alice.headers)) == (404, "not_found")
    mine = await api.get(ORGANIZATIONS, params={"status": "deleted"}, headers=cast.alice.headers)
    assert ids(mine) == [deleted.json()["id"]]
    again = await turn(api, org_path(cast), "delete", cast.olga, "Again")
    assert again.json() == deleted.json()

    restored = await turn(api, org_path(cast), "restore", cast.olga, "A mistake")

    assert (restored.json()["deleted_at"], restored.json()["status_reason"]) == (None, "A mistake")
    assert (await api.get(cast.acme_path, headers=cast.vera.headers)).status_code == 200
    event = await newest_event(scene, cast.alice)
    assert event["action"] == "organization.restored"
    assert event["actor"] == {"type": "operator", "id": cast.olga.id, "name": "Olga"}
    assert event["changes"][0]["after"] == {"deleted_at": None, "status_reason": "A mistake"}
    assert event["changes"][0]["before"]["status_reason"] == WHY
    same = await turn(api, org_path(cast), "restore", cast.olga, "Again")
    assert same.json() == restored.json()


async def test_what_could_be_restored_no_more_is_not_found(scene: Scene) -> None:
    await turn(scene.api, org_path(scene.cast), "delete", scene.cast.olga, WHY)
    scene.admin.execute(
        "update organizations set deleted_at = deleted_at - interval '30 days' where org_id = %s",
        [scene.cast.acme.organization.id],
    )
    late = await turn(scene.api, org_path(scene.cast), "restore", scene.cast.olga, WHY)
    assert told(late) == (404, "not_found")


async def test_a_personal_organization_stays_with_its_person(scene: Scene) -> None:
    cast = scene.cast
    mine = await scene.api.get(ORGANIZATIONS, headers=cast.charlie.headers)
    (personal,) = ids(mine)
    path = f"/api/v1/operator/organizations/{personal}"
    refused = await turn(scene.api, path, "delete", cast.olga, WHY)
    assert told(refused) == (409, "personal_organization")
    scene.admin.execute(
        "update users set disabled_at = now() where id = %s", [cast.charlie.actor.id]
    )
    body = {"email": cast.vera.actor.email, "reason": WHY}
    named = await scene.api.post(f"{path}/admins", json=body, headers=cast.olga.headers)
    assert told(named) == (409, "personal_organization")


@pytest.mark.parametrize("who", ["vera", "charlie"])
async def test_an_orphaned_organization_is_given_an_admin_a_member_or_not(
    scene: Scene, who: str
) -> None:
    person: Player = getattr(scene.cast, who)
    orphaned(scene)

    named = await name_admin(scene, person.actor.email)

    assert (named.status_code, named.json()["status_reason"]) == (200, WHY)
    assert scene.role_of(person.actor.email) == "admin"
    event = await newest_event(scene, person)
    assert event["action"] == "organization.admin_named"
    assert event["actor"] == {"type": "operator", "id": scene.cast.olga.id, "name": "Olga"}
    assert event["changes"][0]["type"] == "member"
    assert event["changes"][0]["after"]["role"] == "admin"
    assert event["changes"][1]["after"] == {"status_reason": WHY}
    email = await email_to(
        scene.mailbox, person.actor.email, subject="You are now an Admin of Acme"
    )
    assert "had no Admin who could sign in" in part(email, "plain")
    assert told(await name_admin(scene, scene.cast.dave.actor.email)) == (
        409,
        "organization_has_admin",
    )


async def test_a_suspended_member_whose_time_is_over_lasts_as_the_admin(scene: Scene) -> None:
    scene.admin.execute(
        "update memberships set status = 'suspended', expires_at = now() - interval '1 day'"
        " where org_id = %s and user_id = %s",
        [scene.cast.acme.organization.id, scene.cast.vera.actor.id],
    )
    orphaned(scene)
    assert (await name_admin(scene, scene.cast.vera.actor.email)).status_code == 200
    assert (await newest_event(scene, scene.cast.vera))["changes"][0]["after"] == {
        "role": "admin",
        "status": "active",
        "expires_at": None,
    }


async def test_naming_an_admin_is_no_way_in_for_operators(scene: Scene) -> None:
    """Neither into an organization that can help itself, nor for the operator who names."""
    cast = scene.cast
    assert told(await name_admin(scene, cast.vera.actor.email)) == (409, "organization_has_admin")
    orphaned(scene)
    assert told(await name_admin(scene, cast.olga.actor.email)) == (409, "own_account")
    assert scene.role_of(cast.olga.actor.email) is None


async def test_an_admin_must_be_somebody_who_can_be_trusted_with_it(
    scene: Scene, service: Service
) -> None:
    unproven = await player(service, "Una", verified=False)
    orphaned(scene)
    for email, refusal in (
        (new_address(), (422, "user_unknown")),
        (unproven.actor.email, (409, "account_unverified")),
        (scene.cast.alice.actor.email, (409, "account_disabled")),
    ):
        assert told(await name_admin(scene, email)) == refusal


async def test_a_deleted_organization_is_restored_before_it_is_given_an_admin(
    scene: Scene,
) -> None:
    orphaned(scene)
    await turn(scene.api, org_path(scene.cast), "delete", scene.cast.olga, WHY)
    refused = await name_admin(scene, scene.cast.vera.actor.email)
    assert told(refused) == (409, "organization_deleted")


async def test_an_unknown_place_and_a_missing_reason_are_refused(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    for path, act in (
        ("organizations/org_" + "0" * 26, "delete"),
        ("organizations/org_" + "0" * 26, "restore"),
        ("users/user_" + "0" * 26, "end-sessions"),
    ):
        nowhere = await turn(api, f"/api/v1/operator/{path}", act, cast.olga, WHY)
        assert told(nowhere) == (404, "not_found")
    naming = {"email": new_address(), "reason": WHY}
    path = "/api/v1/operator/organizations/org_" + "0" * 26 + "/admins"
    nowhere = await api.post(path, json=naming, headers=cast.olga.headers)
    assert told(nowhere) == (404, "not_found")
    refused = await turn(api, user_path(cast.vera), "end-sessions", cast.olga, " ")
    assert told(refused) == (422, "validation_failed")
    assert scene.open_sessions(cast.vera.actor.email) == 1


async def test_a_person_is_deleted_as_if_they_had_done_it(scene: Scene) -> None:
    api, cast, email = scene.api, scene.cast, scene.cast.vera.actor.email
    tokens = Tokens.of(await sign_in(api, email))

    deleted = await turn(api, user_path(cast.vera), "delete", cast.olga, WHY)

    assert deleted.status_code == 204
    assert not await is_alive(api, tokens)
    assert told(await api.get(user_path(cast.vera), headers=cast.olga.headers))[0] == 404
    assert scene.role_of(email) is None
    event = await newest_event(scene, cast.alice)
    assert (event["action"], event["actor"]["type"]) == ("member.removed", "operator")
    account = scene.admin.execute(
        "select actor_id, changes::text from account_events"
        " where user_id = %s and action = 'user.deleted'",
        [cast.vera.actor.id],
    ).fetchall()
    assert [each[0] for each in account] == [cast.olga.actor.id]
    assert WHY in account[0][1]
    again = await turn(api, user_path(cast.vera), "delete", cast.olga, WHY)
    assert told(again) == (404, "not_found")


async def test_the_only_admin_is_deleted_only_where_that_is_meant(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    refused = await turn(api, user_path(cast.alice), "delete", cast.olga, WHY)
    assert told(refused) == (409, "sole_admin")
    assert [each["name"] for each in refused.json()["organizations"]] == ["Acme"]

    body = {"reason": WHY, "orphan_organizations": True}
    path = f"{user_path(cast.alice)}/delete"
    assert (await api.post(path, json=body, headers=cast.olga.headers)).status_code == 204
    assert (await name_admin(scene, cast.dave.actor.email)).status_code == 200
    assert (await api.get(cast.acme_path, headers=cast.dave.headers)).json()["role"]["key"] == (
        "admin"
    )


async def test_operators_do_not_delete_themselves_in_passing(scene: Scene) -> None:
    cast = scene.cast
    refused = await turn(scene.api, user_path(cast.olga), "delete", cast.olga, WHY)
    assert told(refused) == (409, "own_account")
    assert "your account settings" in refused.json()["detail"]


async def test_of_operators_who_name_admins_at_once_one_is_too_late(scene: Scene) -> None:
    """Fails with three Admins named once `operating.lock` does not lock the organization: tried."""
    orphaned(scene)
    people = [scene.cast.vera, scene.cast.dave, scene.cast.charlie]

    answers = await asyncio.gather(*(name_admin(scene, each.actor.email) for each in people))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    roles = [scene.role_of(each.actor.email) for each in people]
    assert roles.count("admin") == 1
