"""Once an account is deleted, neither name nor address of its person is anywhere in the database.

Whichever way it was deleted: the same rows go, and the same opaque ids are left.
"""

import subprocess
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tenantry.authz.authority import System
from tenantry.embedded.binaries import find_client
from tenantry.http.service import Service
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.kit.ids import Kind, new_id, show
from tests.console.screens import signed_in
from tests.console.visitor import Visitor
from tests.http.me.test_delete import swept
from tests.http.responses import API, ORGANIZATIONS
from tests.support.api.invitations import accept, offer
from tests.support.cast import PASSWORD, Player, join, player
from tests.support.database.invariants import faults
from tests.support.database.replay import present, replayed
from tests.support.encodings import found_in
from tests.support.mail.mailbox import email_to, token_in
from tests.support.postgres import TestPostgres
from tests.support.scene import Scene

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


@dataclass
class Person:
    """Somebody with a name that no one else has, and what could give them away."""

    player: Player
    names: list[str]
    found: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def traces(self) -> list[str]:
        slugs = [name.lower().replace(" ", "-") for name in self.names]
        return [*self.names, *slugs, self.player.actor.email]


def keyed(who: Player) -> dict[str, str]:
    return {**who.headers, "Idempotency-Key": str(new_id())}


async def lived(scene: Scene, service: Service, first: str, last: str) -> Person:
    """Somebody who did all that leaves a trace, in their own organizations and in others'."""
    names = [f"{first} {last}", f"{first} Von {last}"]
    email = f"{first}.{last}.{new_id().hex[-6:]}@example.com".lower()
    who = await player(service, names[0], email=email)
    api, cast = scene.api, scene.cast
    await in_their_own(scene, who)
    # Invited, joined, and changed by others there: another's kept answer has the address, too.
    words = {"email": email, "message": f"Welcome, {first} {last}!"}
    invite = f"{cast.acme_path}/members/invite"
    assert (await api.post(invite, json=words, headers=keyed(cast.alice))).status_code == 201
    token = token_in(await email_to(scene.mailbox, email, subject="invites you"))
    joined = await accept(scene, who, token)
    member = joined.json()["id"]
    assert (await api.patch(f"{API}/me", json={"name": names[1]}, headers=who.headers)).is_success
    for role in ("developer", "admin"):
        path, change = f"{cast.acme_path}/members/{member}", {"role": role}
        assert (await api.patch(path, json=change, headers=cast.alice.headers)).is_success
    body = {"name": "Laptop", "role": "viewer"}
    key = await api.post(f"{cast.acme_path}/api-keys", json=body, headers=keyed(who))
    assert key.status_code == 201, key.text
    mine = await offer(scene, f"guest.{new_id().hex[-6:]}@example.com", by=who, message=names[1])
    assert mine.status_code == 201
    await elsewhere(scene, service, who, names)
    return Person(who, names)


async def in_their_own(scene: Scene, who: Player) -> None:
    """A workspace, a guest and a team of their own, which is deleted again."""
    personal = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, who.personal_id)}"
    body: dict[str, Any]
    for path, body in (
        (f"{personal}/workspaces", {"name": "Lab"}),
        (f"{personal}/members/invite", {"email": scene.cast.charlie.actor.email}),
        (ORGANIZATIONS, {"name": "Workshop"}),
    ):
        made = await scene.api.post(path, json=body, headers=keyed(who))
        assert made.status_code == 201, made.text
    team = f"{ORGANIZATIONS}/{made.json()['id']}"
    assert (await scene.api.delete(team, headers=who.headers)).status_code == 204


async def elsewhere(scene: Scene, service: Service, who: Player, names: list[str]) -> None:
    """Removed from one organization, declined twice and undecided in it, an operator for a day."""
    email, bob, path = who.actor.email, scene.cast.bob, scene.cast.bobs_path
    member = await join(service, who, scene.cast.bobs, "developer")
    assert (
        await scene.api.post(f"{path}/workspaces", json={"name": new_id().hex}, headers=who.headers)
    ).is_success
    removed = f"{path}/members/{member.member_id}"
    assert (await scene.api.delete(removed, headers=bob.headers)).status_code == 204
    body = {"token": await scene.invited(email, by=bob)}
    assert (await scene.api.post(f"{API}/invitations/decline", json=body)).is_success
    mine = (await offer(scene, email, by=bob, path=path)).json()["id"]
    declined = f"{API}/me/invitations/{mine}/decline"
    assert (await scene.api.post(declined, headers=who.headers)).is_success
    pending = await offer(scene, email, by=bob, path=path, message=f"Dear {names[0]}")
    assert pending.status_code == 201
    await scene.forgot_password(email)


def dump(postgres: TestPostgres) -> str:
    """Every row of every table."""
    url = make_conninfo(postgres.connections.service, user="postgres")
    with psycopg.connect(url) as admin:
        major = admin.info.server_version // 10000
    asked = [find_client("pg_dump", major), "--no-password", "--data-only", f"--dbname={url}"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def left_of(admin: psycopg.Connection[Any], who: Player) -> dict[str, int]:
    """In how many rows of which tables the person's opaque id is left."""
    ids = f"{who.actor.id}|{show(Kind.USER, who.actor.id)}"
    found = {
        table: admin.execute(
            sql.SQL("select count(*) from {} x where x::text ~ %s").format(sql.Identifier(table)),
            [ids],
        ).fetchall()[0][0]
        for (table,) in admin.execute(_TABLES).fetchall()
    }
    return {table: rows for table, rows in found.items() if rows}


async def by_api(scene: Scene, service: Service, who: Player) -> None:
    assert (await scene.api.delete(f"{API}/me", headers=who.headers)).status_code == 204


async def by_console(scene: Scene, service: Service, who: Player) -> None:
    visitor = Visitor(scene.api)
    secret = await signed_in(service, who)
    visitor.client.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
    gone = await visitor.send("/account/delete", current_password=PASSWORD)
    visitor.client.cookies.clear()
    assert "Account deleted" in gone.text


async def by_an_operator(scene: Scene, service: Service, who: Player) -> None:
    path = f"{API}/operator/users/{who.id}/delete"
    body = {"reason": "asked for it by telephone"}
    answer = await scene.api.post(path, json=body, headers=scene.cast.olga.headers)
    assert answer.status_code == 204, answer.text


async def by_the_system(scene: Scene, service: Service, who: Player) -> None:
    async with service.database.transaction() as (tx, _):
        await deletion.delete_user(tx, who.actor.id, by=System())


WAYS = {
    "API": by_api,
    "console": by_console,
    "operator": by_an_operator,
    "system": by_the_system,
}


@pytest.mark.usefixtures("unbroken")
async def test_no_way_of_deleting_an_account_leaves_name_or_address(
    scene: Scene, service: Service, postgres: TestPostgres
) -> None:
    """Fails for the console once it leaves kept answers, and for each step that erasing omits."""
    people = {
        way: await lived(scene, service, first, "Quastenflosser")
        for way, first in zip(
            WAYS, ("Wilhelmina", "Ottilie", "Kunigunde", "Adelgunde"), strict=True
        )
    }
    before = dump(postgres)
    for way, person in people.items():
        assert {each[:6] for each in found_in(before, person.traces)}
        await WAYS[way](scene, service, person.player)

    await swept(service.database)

    after = dump(postgres)
    assert {way: found_in(after, person.traces) for way, person in people.items()} == {
        way: [] for way in WAYS
    }
    left = {way: left_of(scene.admin, person.player) for way, person in people.items()}
    assert all(each == left["API"] for each in left.values())
    assert set(left["API"]) <= {"account_events", "events", "invitations", "organizations"}


async def test_whoever_repeats_a_call_that_named_them_is_still_known_by_the_key(
    scene: Scene, service: Service
) -> None:
    """Fails with a second invitation once the kept answer is forgotten."""
    who = await player(service, "Rosalinde", email=f"rosalinde.{new_id().hex[-6:]}@example.com")
    invite, headers = f"{scene.cast.acme_path}/members/invite", keyed(scene.cast.alice)
    body = {"email": who.actor.email}
    first = await scene.api.post(invite, json=body, headers=headers)
    await by_api(scene, service, who)

    await swept(service.database)

    again = await scene.api.post(invite, json=body, headers=headers)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.json() == {**first.json(), "email": "deleted@user.invalid"}


async def test_what_others_keep_still_follows_from_their_events(
    scene: Scene, service: Service
) -> None:
    person = await lived(scene, service, "Philippine", "Zwirnhaus")
    for org_id in (scene.cast.acme.organization.id, scene.cast.bobs.organization.id):
        scene.admin.execute(
            "delete from memberships where org_id = %s and user_id = any(%s)",
            [org_id, [scene.cast.dave.actor.id, scene.cast.vera.actor.id]],
        )
    await by_api(scene, service, person.player)

    await swept(service.database)

    org_id = scene.cast.acme.organization.id
    assert replayed(scene.admin, org_id) == present(scene.admin, org_id)
    shown = await scene.api.get(
        f"{scene.cast.acme_path}/events", params={"limit": 100}, headers=scene.cast.alice.headers
    )
    actors = {
        e["actor"]["name"] for e in shown.json()["data"] if e["actor"]["id"] == person.player.id
    }
    assert actors == {"Deleted user"}
    assert faults(scene.admin, about={org_id}) == []
