"""DELETE /api/v1/me."""

import httpx2
import pytest

from tenantry.app import SWEEPS
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tenantry.postgres.database import Database
from tenantry.worker.housekeeping import Housekeeping
from tests.http.responses import API, ORGANIZATIONS, ids, told
from tests.support.api.signed_in import sign_in
from tests.support.cast import PASSWORD, Cast, Player, join, player
from tests.support.database.contents import contents
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene

ME = f"{API}/me"

_NAMING = """
    select x.t from (
        select 'users' t from users where id = %(user)s or email = %(email)s
        union all select 'email_addresses' from email_addresses where address = %(email)s
        union all select 'sessions' from sessions where user_id = %(user)s
        union all select 'account_tokens' from account_tokens where user_id = %(user)s
        union all select 'account_emails' from account_emails where recipient = %(email)s
        union all select 'account_events' from account_events where changes::text like %(like)s
        union all select 'idempotency_keys' from idempotency_keys where user_id = %(user)s
        union all select 'memberships' from memberships where user_id = %(user)s
        union all select 'organizations' from organizations where org_id = %(org)s
        union all select 'events' from events where org_id = %(org)s
        union all select 'invitations' from invitations where org_id = %(org)s
        union all select 'tokens' from invitation_tokens where org_id = %(org)s
        union all select 'emails' from emails where org_id = %(org)s
        union all select 'slugs' from organization_slugs where org_id = %(org)s
    ) x
"""


async def delete(api: httpx2.AsyncClient, who: Player) -> httpx2.Response:
    """The answer to somebody who deletes their account."""
    return await api.delete(ME, headers=who.headers)


async def swept(database: Database) -> None:
    """What a deletion has left to do is done."""
    kinds = ("erasures", "organizations")
    await Housekeeping(database, {kind: SWEEPS[kind] for kind in kinds}).sweep_all()


def left_of(scene: Scene, who: Player) -> list[str]:
    """Where somebody, their address or their own organization is still named."""
    email = who.actor.email
    named = {
        "user": who.actor.id,
        "email": email,
        "like": f"%{email}%",
        "org": who.personal_id,
    }
    return [table for (table,) in scene.admin.execute(_NAMING.encode(), named).fetchall()]


async def test_nothing_is_left_of_a_person_but_their_id(scene: Scene, database: Database) -> None:
    api, dave, cast = scene.api, scene.cast.dave, scene.cast
    personal = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, dave.personal_id)}"
    for path, body in ((f"{personal}/workspaces", {"name": "Lab"}), (ORGANIZATIONS, {"name": "X"})):
        key = {"Idempotency-Key": str(new_id())}
        made = await api.post(path, json=body, headers={**dave.headers, **key})
        assert made.status_code == 201
    invited = {"email": cast.bob.actor.email, "role": "viewer"}
    await api.post(f"{personal}/members/invite", json=invited, headers=dave.headers)
    await scene.forgot_password(dave.actor.email)
    scene.admin.execute(
        "delete from organizations where org_id <> %s and org_id <> %s and org_id in"
        " (select org_id from memberships where user_id = %s)",
        [dave.personal_id, cast.acme.organization.id, dave.actor.id],
    )
    assert len(left_of(scene, dave)) > 10

    gone = await delete(api, dave)

    assert (gone.status_code, gone.content) == (204, b"")
    await swept(database)
    assert left_of(scene, dave) == []
    shown = await api.get(
        f"{cast.acme_path}/events", params={"action": "member.left"}, headers=cast.alice.headers
    )
    assert [event["actor"]["name"] for event in shown.json()["data"]] == ["Deleted user"]


async def test_they_are_signed_out_everywhere_and_cannot_sign_in(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    phone = await sign_in(api, cast.charlie.actor.email)

    await delete(api, cast.charlie)

    form = {"grant_type": "refresh_token", "refresh_token": phone.json()["refresh_token"]}
    refreshed = await api.post(f"{API}/auth/token", data=form)
    bearer = {"Authorization": f"Bearer {phone.json()['access_token']}"}
    for headers in (cast.charlie.headers, bearer):
        assert told(await api.get(ME, headers=headers)) == (401, "unauthenticated")
    assert refreshed.status_code == 400
    assert (await sign_in(api, cast.charlie.actor.email)).status_code == 401
    assert told(await delete(api, cast.charlie)) == (401, "unauthenticated")


async def test_the_address_is_free_for_another_account(api: httpx2.AsyncClient, cast: Cast) -> None:
    await delete(api, cast.vera)

    again = await api.post(
        f"{API}/auth/sign-up", json={"email": cast.vera.actor.email, "password": PASSWORD}
    )

    assert again.status_code == 201
    headers = {"Authorization": f"Bearer {again.json()['access_token']}"}
    mine = await api.get(ORGANIZATIONS, headers=headers)
    assert ids(mine) == [again.json()["organization"]["id"]]


async def test_others_do_not_see_them_any_more(api: httpx2.AsyncClient, cast: Cast) -> None:
    await delete(api, cast.vera)

    members = await api.get(f"{cast.acme_path}/members", headers=cast.alice.headers)

    assert ids(members) == [cast.alice.member_id, cast.dave.member_id]


async def test_who_alone_manages_organizations_is_told_which_and_stays(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    second = await api.post(ORGANIZATIONS, json={"name": "Second"}, headers=cast.alice.headers)
    before = contents(scene)

    answer = await delete(api, cast.alice)

    assert told(answer) == (409, "sole_admin")
    acme = cast.acme.organization
    assert answer.json()["organizations"] == [
        {"id": show(Kind.ORGANIZATION, acme.id), "name": "Acme", "slug": acme.slug},
        {name: second.json()[name] for name in ("id", "name", "slug")},
    ]
    assert contents(scene) == before


async def test_an_admin_may_go_where_another_lasts(scene: Scene, service: Service) -> None:
    api, cast = scene.api, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    where = [cast.acme.organization.id, eve.actor.id]
    scene.admin.execute(
        "update memberships set status = 'suspended' where org_id = %s and user_id = %s", where
    )
    assert told(await delete(api, cast.alice)) == (409, "sole_admin")
    scene.admin.execute(
        "update memberships set status = 'active' where org_id = %s and user_id = %s", where
    )

    assert (await delete(api, cast.alice)).status_code == 204
    assert ids(await api.get(f"{cast.acme_path}/members", headers=eve.headers))


async def test_a_deleted_organization_needs_no_admin(scene: Scene, database: Database) -> None:
    scene.admin.execute(
        "update organizations set deleted_at = now() where org_id = %s",
        [scene.cast.acme.organization.id],
    )

    assert (await delete(scene.api, scene.cast.alice)).status_code == 204
    await swept(database)
    assert left_of(scene, scene.cast.alice) == []


async def test_invitations_by_them_stay_and_cannot_be_accepted(
    scene: Scene, service: Service
) -> None:
    api, cast = scene.api, scene.cast
    await join(service, await player(service, "Eve"), cast.acme, "admin")
    token = await scene.invited(cast.charlie.actor.email)

    assert (await delete(api, cast.alice)).status_code == 204

    answer = await api.post(
        f"{API}/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    assert told(answer) == (409, "inviter_cannot_grant")


@pytest.mark.parametrize("proven", [True, False])
async def test_open_invitations_go_with_an_address_that_was_proven_and_with_no_other(
    scene: Scene, database: Database, proven: bool
) -> None:
    api, cast = scene.api, scene.cast
    email = cast.charlie.actor.email
    token = await scene.invited(email)
    if not proven:
        scene.admin.execute("update users set email_verified_at = null where email = %s", [email])
    await delete(api, cast.charlie)
    await swept(database)

    again = await api.post(
        f"{API}/auth/sign-up",
        json={"email": email, "password": PASSWORD, "invitation_token": token},
    )

    assert again.status_code == (410 if proven else 201)
    assert scene.role_of(email) == (None if proven else "viewer")


async def test_whoever_has_the_address_next_is_invited_and_named_as_anybody(
    scene: Scene, database: Database
) -> None:
    """Fails once an erasure asks for no time: the invitation is declined before it is seen."""
    email = scene.cast.charlie.actor.email
    await delete(scene.api, scene.cast.charlie)
    token = await scene.invited(email)

    await swept(database)

    body = {"email": email, "password": PASSWORD, "invitation_token": token}
    again = await scene.api.post(f"{API}/auth/sign-up", json=body)
    assert again.status_code == 201
    assert scene.role_of(email) == "viewer"


async def test_what_others_keep_follows_from_the_events(scene: Scene, database: Database) -> None:
    cast = scene.cast
    made = await scene.api.post(
        f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=cast.alice.headers
    )
    place = f"{cast.acme_path}/workspaces/{made.json()['id']}/members"
    token = await scene.invited(cast.charlie.actor.email)
    joined = await scene.api.post(
        f"{API}/invitations/accept", json={"token": token}, headers=cast.charlie.headers
    )
    for role in ("viewer", "developer"):
        await scene.api.put(
            f"{place}/{joined.json()['id']}", json={"role": role}, headers=cast.alice.headers
        )
    await scene.api.patch(
        f"{cast.acme_path}/members/{joined.json()['id']}",
        json={"role": "developer", "expires_at": "2099-01-31T12:00:00Z"},
        headers=cast.alice.headers,
    )
    org_id = cast.acme.organization.id
    # Dave and Vera joined without a use case, so no event records it.
    scene.admin.execute(
        "delete from memberships where org_id = %s and user_id = any(%s)",
        [org_id, [cast.dave.actor.id, cast.vera.actor.id]],
    )
    assert replayed(scene.admin, org_id) == present(scene.admin, org_id)

    assert (await delete(scene.api, cast.charlie)).status_code == 204
    assert replayed(scene.admin, org_id) == present(scene.admin, org_id)

    await swept(database)

    assert replayed(scene.admin, org_id) == present(scene.admin, org_id)
