"""What a user may do is the same by authorization, effective permissions and their own keys.

A key of one's own with the role of Admin is as strong as oneself, so it has to be let in wherever
its member is, and into nothing more.
"""

from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from tenantry.authz.builtin_permissions import BUILT_IN, counting_in_workspace
from tenantry.kit.ids import new_id
from tests.authz.key_rows import plant, shown
from tests.support.cast import Cast, Player

_ENTER = "select granted, membership_id is not null from directory.authorize(%s, %s, %s, %s)"
_ENTER_WORKSPACE = """
    select granted, workspace_id is not null
      from directory.authorize_in_workspace(%s, %s, %s, %s, %s)
"""
_EFFECTIVE = """
    select permissions, workspace_permissions, workspace_id is not null
      from directory.user_access(%s, %s, %s)
"""
_BY_KEY = "select permissions, in_scope from directory.authorize_key(%s, %s, '', %s)"


@dataclass(frozen=True)
class Acme:
    """Acme with more roles and workspaces, between which members are moved."""

    admin: psycopg.Connection[Any]
    cast: Cast
    roles: list[UUID]
    workspaces: list[UUID]

    @property
    def id(self) -> UUID:
        return self.cast.acme.organization.id

    def run(self, query: LiteralString, *values: object) -> list[Any]:
        """What a statement gives; the tenant that it sets is forgotten with it."""
        return self.admin.execute(query, values).fetchall()

    def move(self, chance: Random, member: Player) -> None:
        """Give a member another standing and other roles, as chance has it."""
        assert member.membership is not None
        it = member.membership.id
        self.admin.execute(
            """update memberships set role_id = %s, status = %s, expires_at = %s
                where org_id = %s and id = %s""",
            [
                chance.choice(self.roles),
                chance.choice(["active"] * 4 + ["suspended"]),
                chance.choice([None] * 4 + ["2020-01-01"]),
                self.id,
                it,
            ],
        )
        self.admin.execute("delete from workspace_memberships where membership_id = %s", [it])
        for workspace in (each for each in self.workspaces if chance.random() < 0.5):
            self.admin.execute(
                "insert into workspace_memberships values (%s, %s, %s, %s, now())",
                [self.id, workspace, it, chance.choice(self.roles)],
            )


@pytest.fixture
def declared(admin: psycopg.Connection[Any]) -> Generator[list[str]]:
    """Permissions of the product's own."""
    names = [f"invoice_{new_id().hex[-12:]}:{verb}" for verb in ("read", "approve")]
    for name in names:
        admin.execute(
            "insert into permissions (name, created_at, updated_at) values (%s, now(), now())",
            [name],
        )
    yield names
    admin.execute(
        """update roles set permissions = array(select each from unnest(permissions) each
                                                where each <> all(%(names)s::text[]))
            where permissions && %(names)s::text[]""",
        {"names": names},
    )
    admin.execute("delete from permissions where name = any(%s)", [names])


@pytest.fixture
def acme(admin: psycopg.Connection[Any], cast: Cast, declared: list[str]) -> Acme:
    """Acme with six roles that chance has drawn, and three workspaces more, two of them private."""
    org_id, chance = cast.acme.organization.id, Random(5)
    for key in range(6):
        permissions = chance.sample([*BUILT_IN, *declared], chance.randint(0, 8))
        admin.execute(
            """insert into roles (org_id, id, key, name, description, permissions, is_default,
                                  created_at, updated_at)
               values (%s, %s, %s, 'Drawn', '', %s, false, now(), now())""",
            [org_id, new_id(), f"drawn-{key}", permissions],
        )
    for slug, visibility in (("open", "organization"), ("one", "private"), ("two", "private")):
        admin.execute(
            """insert into workspaces (org_id, id, name, slug, visibility, created_at, updated_at)
               values (%s, %s, 'Lab', %s, %s, now(), now())""",
            [org_id, new_id(), slug, visibility],
        )
    ids = "select id from {} where org_id = %s order by id"
    roles, workspaces = (
        [id for (id,) in admin.execute(ids.format(table).encode(), [org_id]).fetchall()]
        for table in ("roles", "workspaces")
    )
    return Acme(admin, cast, roles, workspaces)


def held(acme: Acme, member: Player, workspace: UUID | None) -> tuple[set[str], bool]:
    """What someone's effective permissions say, and whether they see the workspace."""
    rows = acme.run(_EFFECTIVE, member.actor.id, acme.id, workspace)
    if not rows or (workspace is not None and not rows[0][2]):
        return set(), False
    return {*rows[0][0], *counting_in_workspace(rows[0][1] or ())}, True


def entered(acme: Acme, member: Player, workspace: UUID | None) -> tuple[set[str], bool]:
    """The same as the routes' own authorization decides, permission by permission of ours."""
    by = (member.actor.session_id, member.actor.id, acme.id)
    answers = {
        each: acme.run(_ENTER, *by, each)
        if workspace is None
        else acme.run(_ENTER_WORKSPACE, *by, each, workspace)
        for each in BUILT_IN
    }
    return {each for each, rows in answers.items() if rows[0][0]}, answers[BUILT_IN[0]][0][1]


def by_key(acme: Acme, digest: bytes, workspace: UUID | None) -> tuple[set[str], bool]:
    """The same as a key is let in."""
    rows = acme.run(_BY_KEY, digest, acme.id, workspace)
    return (set(rows[0][0]), True) if rows and rows[0][1] else (set(), False)


def test_who_holds_what_is_the_same_by_every_way(acme: Acme) -> None:
    """Failed where the effective permissions lacked what the product declares and Admin has;
    fails once a private workspace is open to one of the ways."""
    chance, admin, cast = Random(7), acme.admin, acme.cast
    members, places = (cast.alice, cast.dave, cast.vera), [None, *acme.workspaces]
    keys = {
        (member.id, place): shown(plant(admin, cast, "admin", of=member, workspace=place)).digest
        for member in members
        for place in places
    }
    for _ in range(10):
        for member in members:
            acme.move(chance, member)
            for place in places:
                permissions, sees = held(acme, member, place)
                assert entered(acme, member, place) == (permissions & set(BUILT_IN), sees)
                counting = counting_in_workspace(permissions) if place else permissions
                assert by_key(acme, keys[member.id, place], place) == (set(counting), sees)
                everywhere, is_let_in = by_key(acme, keys[member.id, None], place)
                assert everywhere <= permissions
                assert is_let_in <= sees
