"""Every way to learn of access, asked of one scene, and held against the model."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import psycopg

from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.kit import bearer_keys
from tenantry.kit.ids import Kind, new_id, parse, show
from tests.contracts.checks.model import PERMISSIONS, Model, Organization, Workspace
from tests.contracts.checks.scenes import plant
from tests.contracts.machine.world import World
from tests.support.cast import Player

API = "/api/v1"
BATCH = 1000
Asked = tuple[str, str | None, str, str]
"""Organization, workspace, subject, permission."""
AskedByKey = tuple[str, str | None, str | None, str]
"""The same; the subject is None where a key asks about itself."""


class Comparison:
    """One scene, asked by everybody in it and by the product itself."""

    def __init__(self, world: World, chance: random.Random, counted: Counter[str]) -> None:
        self.world = world
        self.chance = chance
        self.counted = counted
        self.players = {each.id: each for each in world.begin_anew().values()}
        self.model: Model = plant(world.admin, list(self.players), chance)
        self.key = _service_key(world.admin)

    def run(self, batches: int) -> None:
        """Fails at the first answer that differs."""
        for _ in range(batches):
            asker = self.chance.choice([None, *self._alive()])
            self.ask(asker, [self.asked(asker) for _ in range(BATCH)])
        for asker in self._alive():
            self.enter(asker)
            for org in self.model.organizations.values():
                self.hold(asker, org)
                for permission in self.chance.sample(PERMISSIONS, 4):
                    self.who_can(asker, org, permission)

    def _alive(self) -> list[str]:
        return [each for each in self.players if each not in self.model.disabled]

    def asked(self, asker: str | None) -> Asked:
        """A question by chance, about the asker in a third of all cases."""
        chance, orgs = self.chance, self.model.organizations
        org_id = chance.choice([*list(orgs) * 5, show(Kind.ORGANIZATION, UUID(int=1))])
        org = orgs.get(org_id)
        places = list(org.workspaces) if org else []
        place = chance.choice([*[None, *places] * 5, show(Kind.WORKSPACE, UUID(int=1))])
        others = [*list(self.players) * 5, show(Kind.USER, UUID(int=1))]
        subject = asker if asker and chance.random() < 0.3 else chance.choice(others)
        return org_id, place, subject, chance.choice(PERMISSIONS)

    def ask(self, asker: str | None, wanted: list[Asked]) -> None:
        """Batch, single and model agree, the explanation with them."""
        may = [each for each in wanted if self.model.may_ask(asker, each[0], each[2])]
        results = self._send(asker, f"{API}/check/batch", {"checks": list(map(body, may))})
        assert results.status_code == 200, results.text
        for each, got in zip(may, results.json()["results"], strict=True):
            expected = self.model.decision(asker, *each)
            assert got == expected, (asker, each)
            self.counted["batch"] += 1
            self.counted["allowed"] += got["allowed"]
        for each in self.chance.sample(wanted, 50):
            answer = self._send(asker, f"{API}/check", body(each))
            if self.model.may_ask(asker, each[0], each[2]):
                assert answer.json() == self.model.decision(asker, *each), (asker, each)
            else:
                assert answer.status_code == 403, (asker, each)
            self.counted["single"] += 1

    def _send(self, asker: str | None, path: str, body: Any) -> httpx2.Response:
        headers = self.players[asker].headers if asker else {"Authorization": f"Bearer {self.key}"}
        return self.world.run(self.world.client.post(path, json=body, headers=headers))

    def enter(self, asker: str) -> None:
        """What the routes decide on entering is what a check about oneself says."""
        player = self.players[asker]
        for _ in range(60):
            org_id, place, _, _ = self.asked(asker)
            permission = self.chance.choice(BUILT_IN)
            granted = _granted(self.world.admin, player, org_id, place, permission)
            expected = self.model.decision(asker, org_id, place, asker, permission)["allowed"]
            assert granted == expected, (asker, org_id, place, permission)
            self.counted["authorization"] += 1

    def hold(self, asker: str, org: Organization) -> None:
        """What somebody holds is what checks allow them: one's own, and a member's."""
        mine = self.world.call(
            self.players[asker], "GET", f"{API}/me/permissions?organization_id={org.id}"
        )
        reader = self.model.active(org, asker)
        assert (mine.status_code == 200) == (reader is not None), mine.text
        if reader is None:
            return
        self.same_permissions(mine.json(), org, asker, reader.sees)
        for subject, member in org.members.items():
            path = f"{API}/organizations/{org.id}/members/{member.id}/permissions"
            answer = self.world.call(self.players[asker], "GET", path)
            if "member:read" in reader.role.permits:
                self.same_permissions(answer.json(), org, subject, reader.sees)
            else:
                assert answer.status_code == 403, answer.text

    def same_permissions(
        self, got: Any, org: Organization, subject: str, sees: Callable[[Workspace], bool]
    ) -> None:
        """What is told of a member to who sees so much is as the model has it."""
        member = org.members[subject]
        active = self.model.active(org, subject) is not None
        assert got["revision"] == org.revision
        assert got["role"] == member.role.shown
        assert set(got["permissions"]) == (self.model.allowed(member, None) if active else set())
        there = {each["workspace_id"]: each for each in got["workspaces"]}
        seen = [
            space
            for space in org.workspaces.values()
            if active and member.sees(space) and sees(space)
        ]
        assert sorted(there) == sorted(space.id for space in seen)
        for space in seen:
            held = there[space.id]
            assert set(held["permissions"]) == self.model.allowed(member, space)
            assert held["archived"] == space.archived
            role = space.grants.get(member.id)
            assert held["role"] == (role.shown if role else None)
        self.counted["holdings"] += len(PERMISSIONS) * (1 + len(seen))

    def who_can(self, asker: str, org: Organization, permission: str) -> None:
        """Who can is whom checks allow it, by the same roles."""
        place = self.chance.choice([None, *org.workspaces])
        answer = self.world.call(self.players[asker], "GET", path_of_able(org, permission, place))
        reader = self.model.active(org, asker)
        if reader is None or "member:read" not in reader.role.permits:
            assert answer.status_code == (404 if reader is None else 403), answer.text
            return
        self.same_able(answer, org, place, permission, reader.sees)

    def same_able(
        self,
        answer: httpx2.Response,
        org: Organization,
        place: str | None,
        permission: str,
        sees: Callable[[Workspace], bool],
    ) -> None:
        """Who can, as told to who sees so much, is as the model has it."""
        expected = dict[str, list[str]]()
        for subject, member in org.members.items():
            told = self.model.decision_there(org, place, subject, permission, sees)
            if told["allowed"]:
                expected[member.id] = told["explanation"]["allowed_by"]
            self.counted["who can"] += 1
        if answer.status_code == 404:
            assert permission == "never:declared"
            assert expected == {}
            return
        got = answer.json()["data"]
        assert {each["id"]: each["allowed_by"] for each in got} == expected
        assert [each["id"] for each in got] == sorted(expected)


def path_of_able(org: Organization, permission: str, place: str | None) -> str:
    """Where it is told who can do something."""
    query = f"?workspace_id={place}&limit=100" if place else "?limit=100"
    return f"{API}/organizations/{org.id}/permissions/{permission}/members{query}"


def body(asked: AskedByKey) -> dict[str, str]:
    """A question as it is sent."""
    org_id, place, subject, permission = asked
    named = {"workspace_id": place, "user_id": subject}
    there = {name: value for name, value in named.items() if value}
    return {"organization_id": org_id, "permission": permission, **there}


def _granted(
    admin: psycopg.Connection[Any], player: Player, org_id: str, place: str | None, permission: str
) -> bool:
    who = [player.actor.session_id, player.actor.id, parse(Kind.ORGANIZATION, org_id), permission]
    function = "authorize"
    if place:
        who.append(parse(Kind.WORKSPACE, place))
        function = "authorize_in_workspace"
    marks = ", ".join(["%s"] * len(who))
    row = admin.execute(
        f"select granted from directory.{function}({marks})".encode(), who
    ).fetchone()
    return row is not None and row[0]


def _service_key(admin: psycopg.Connection[Any]) -> str:
    key, id = bearer_keys.new_key(bearer_keys.SERVICE_KEY), new_id()
    admin.execute(
        "insert into service_keys (id, name, hint, created_by, created_at, updated_at)"
        " values (%s, 'The product', 'tnt', %s, now(), now())",
        [id, id],
    )
    admin.execute(
        "insert into service_key_secrets (digest, key_id, created_at) values (%s, %s, now())",
        [key.digest, id],
    )
    return key.text
