"""What operators keep for a number of days goes after them, and what they keep for ever stays."""

from datetime import UTC, datetime, timedelta
from itertools import count as counter
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from tenantry.app import SWEEPS
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, first_id, new_id, show
from tenantry.kit.retention import KEEP, Retention
from tenantry.postgres.database import Database
from tenantry.worker.housekeeping import BATCH, Housekeeping
from tenantry.worker.retention import sweeps
from tests.support.api.invitations import accept, offer
from tests.support.cast import Player, found, join, player
from tests.support.database.invariants import faults
from tests.support.database.replay import present, replayed
from tests.support.scene import Scene, new_address

Admin = psycopg.Connection[Any]

KEPT = Retention(events=30, account_events=30, invitations=30, unverified_accounts=30)
NOTHING_GOES = Retention(KEEP, KEEP, KEEP, KEEP)
_PAST = "now() - interval '31 days'"
_numbers = counter()


@pytest.fixture
def housekeeping(database: Database) -> Housekeeping:
    return Housekeeping(database, sweeps(KEPT))


def ids(days: int, count: int) -> list[UUID]:
    """Ids as they were made so many days ago, each once."""
    first = first_id(datetime.now(UTC) - timedelta(days=days)).int
    return [UUID(int=first + next(_numbers)) for _ in range(count)]


def sow_events(admin: Admin, org_id: UUID, days: int, count: int) -> list[UUID]:
    sown = ids(days, count)
    query = """
        insert into events (org_id, id, action, actor_type, actor_name, targets, changes,
                            occurred_at)
        select %s, id, 'organization.updated', 'user', 'x', '[]', '[]',
               now() - %s * interval '1 day' from unnest(%s::uuid[]) id
    """
    admin.execute(query, [org_id, days, sown])
    return sown


def left(admin: Admin, table: LiteralString, sown: list[UUID]) -> int:
    query = f"select count(*) from {table} where id = any(%s)"
    return admin.execute(query.encode(), [sown]).fetchall()[0][0]


async def test_events_go_after_their_days_in_every_organization(
    scene: Scene, housekeeping: Housekeeping
) -> None:
    admin, cast = scene.admin, scene.cast
    where = [cast.acme.organization.id, cast.bobs.organization.id]
    old = [
        sow_events(admin, org_id, 31, count)
        for org_id, count in zip(where, (2 * BATCH + 5, 1), strict=True)
    ]
    recent = [sow_events(admin, org_id, 29, 2) for org_id in where]

    await housekeeping.sweep_all()

    assert [left(admin, "events", each) for each in (*old, *recent)] == [0, 0, 2, 2]


async def test_account_events_go_after_their_days(admin: Admin, housekeeping: Housekeeping) -> None:
    query = """
        insert into account_events (id, user_id, action, occurred_at, changes)
        select id, %s, 'session.created', now(), '[]' from unnest(%s::uuid[]) id
    """
    old, recent = ids(31, BATCH + 5), ids(29, 3)
    admin.execute(query, [new_id(), [*old, *recent]])

    await housekeeping.sweep_all()

    assert [left(admin, "account_events", each) for each in (old, recent)] == [0, 3]


async def test_invitations_go_once_they_are_settled_for_so_long_and_events_say_so(
    scene: Scene, housekeeping: Housekeeping
) -> None:
    admin, cast, org_id = scene.admin, scene.cast, scene.cast.acme.organization.id
    await accept(scene, cast.charlie, await scene.invited(cast.charlie.actor.email))
    for change in ("status = 'revoked'", "expires_at = now() - interval '31 days'", "", ""):
        email = new_address()
        await scene.invited(email)
        if change:
            scene.change_invitation(email, change)
    # Dave and Vera joined without an act, and the last two stay: one is open, one settled of late.
    scene.change_invitation(email, "status = 'declined'")
    settled = "update invitations set updated_at = {p}, created_at = {p} where org_id = %s"
    admin.execute(settled.format(p=_PAST).encode() + b" and email <> %s", [org_id, email])

    await housekeeping.sweep_all()

    query = "select email = %s, status from invitations where org_id = %s order by id"
    assert admin.execute(query, [email, org_id]).fetchall() == [
        (False, "pending"),
        (True, "declined"),
    ]
    mentioning = "select actor_type, changes from events where org_id = %s and action = %s"
    (told,) = admin.execute(mentioning, [org_id, "invitation.deleted"]).fetchall()
    assert told[0] == "system"
    assert [change["after"] for change in told[1]] == [None, None, None]
    assert faults(admin, about={org_id}) == []


async def test_replayed_the_events_still_give_which_invitations_there_are(
    scene: Scene, housekeeping: Housekeeping
) -> None:
    admin, org_id = scene.admin, scene.cast.bobs.organization.id
    _, answer = [
        await offer(scene, new_address(), by=scene.cast.bob, path=scene.cast.bobs_path)
        for _ in range(2)
    ]
    path = f"{scene.cast.bobs_path}/invitations/{answer.json()['id']}"
    assert (await scene.api.delete(path, headers=scene.cast.bob.headers)).status_code == 204
    past = f"update invitations set updated_at = {_PAST}, created_at = {_PAST} where org_id = %s"
    admin.execute(past.encode(), [org_id])

    await housekeeping.sweep_all()

    state = present(admin, org_id)
    assert sum(key[0] == "invitation" for key in state) == 1
    assert replayed(admin, org_id) == state


async def test_who_was_invited_long_ago_is_still_erased_from_events(
    scene: Scene, housekeeping: Housekeeping, database: Database
) -> None:
    """Fails once the sweep mentions no one: the address stays in the events of the invitation."""
    charlie, org_id = scene.cast.charlie, scene.cast.acme.organization.id
    email = charlie.actor.email
    await scene.invited(email)
    scene.change_invitation(
        email, f"status = 'revoked', updated_at = {_PAST}, created_at = {_PAST}"
    )
    await housekeeping.sweep_all()
    query = "select count(*) from events where org_id = %s and targets::text like %s"
    told = [org_id, f"%{email}%"]
    assert scene.admin.execute(query, told).fetchone() == (1,)

    assert (await scene.api.delete("/api/v1/me", headers=charlie.headers)).status_code == 204
    await Housekeeping(database, {"erasures": SWEEPS["erasures"]}).sweep_all()

    assert scene.admin.execute(query, told).fetchone() == (0,)


async def unused(scene: Scene, service: Service, name: str) -> Player:
    """Somebody who signed up long ago, never confirmed the address and never came back."""
    someone = await player(service, name, verified=False)
    put_back(scene, someone)
    return someone


def put_back(scene: Scene, someone: Player) -> None:
    user = [someone.actor.id]
    past = f"update users set created_at = {_PAST}, updated_at = {_PAST} where id = %s"
    scene.admin.execute(past.encode(), user)
    seen = f"update sessions set refreshed_at = {_PAST} where user_id = %s"
    scene.admin.execute(seen.encode(), user)


def is_there(scene: Scene, someone: Player) -> bool:
    query = "select exists (select from users where id = %s)"
    return scene.admin.execute(query, [someone.actor.id]).fetchone() == (True,)


async def test_an_account_goes_that_no_one_confirmed_or_used(
    scene: Scene, service: Service, housekeeping: Housekeeping, database: Database
) -> None:
    someone = await unused(scene, service, "Nobody")

    await housekeeping.sweep_all()

    assert not is_there(scene, someone)
    await Housekeeping(database, SWEEPS).sweep_all()
    assert faults(scene.admin, about={someone.actor.id, someone.personal_id}) == []
    again = {"email": someone.actor.email, "password": "seven quiet lanterns drift"}
    answer = await scene.api.post("/api/v1/auth/sign-up", json=again)
    assert answer.status_code == 201


async def test_an_account_stays_that_anybody_relies_on(
    scene: Scene, service: Service, housekeeping: Housekeeping
) -> None:
    """Fails with one of them gone once `directory.is_abandoned` asks for one thing less: tried."""
    stays: dict[str, Player] = {}
    for what in (
        "verified",
        "seen",
        "disabled",
        "member",
        "host",
        "founder",
        "inviter",
        "builder",
        "keyholder",
    ):
        stays[what] = await unused(scene, service, what.title())
    admin, cast = scene.admin, scene.cast

    def change(who: str, query: LiteralString) -> None:
        assert admin.execute(query, [stays[who].actor.id]).rowcount == 1

    change("verified", "update users set email_verified_at = now() where id = %s")
    change("seen", "update sessions set refreshed_at = now() where user_id = %s")
    change("disabled", "update users set disabled_at = now() where id = %s")
    await join(service, stays["member"], cast.acme, "viewer")
    await found(service, stays["founder"], "Founded")
    for who, call, body in (
        ("inviter", "members/invite", {"email": new_address()}),
        ("host", "members/invite", {"email": cast.charlie.actor.email}),
        ("builder", "workspaces", {"name": "Lab"}),
        ("keyholder", "api-keys", {"name": "Deploy", "role": "viewer"}),
    ):
        org = show(Kind.ORGANIZATION, stays[who].personal_id)
        path = f"/api/v1/organizations/{org}/{call}"
        answer = await scene.api.post(path, json=body, headers=stays[who].headers)
        assert answer.status_code == 201, answer.text
    admin.execute(
        "delete from invitations where org_id = %s and status = 'pending'",
        [stays["host"].personal_id],
    )
    admin.execute(
        """insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
           select org_id, %s, %s, id, now(), now() from roles
            where org_id = %s and key = 'viewer'""",
        [new_id(), cast.charlie.actor.id, stays["host"].personal_id],
    )
    for who, someone in stays.items():
        if who != "seen":
            put_back(scene, someone)

    await housekeeping.sweep_all()

    assert {who for who, someone in stays.items() if not is_there(scene, someone)} == set()


def test_what_is_kept_for_ever_has_no_sweep() -> None:
    assert sweeps(NOTHING_GOES) == {}
    assert set(sweeps(Retention())) == {
        "events",
        "account_events",
        "invitations",
        "unverified_accounts",
    }
