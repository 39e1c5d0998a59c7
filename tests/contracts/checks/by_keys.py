"""The same ways to learn of access, asked by keys of the organizations of one scene."""

from typing import Any

import httpx2

from tenantry.authz.builtin_permissions import BUILT_IN
from tenantry.kit.ids import Kind, parse
from tests.contracts.checks.comparing import API, AskedByKey, Comparison, body, path_of_able
from tests.contracts.checks.keys import Key, plant_keys
from tests.contracts.checks.model import PERMISSIONS

BATCH = 100


def compare_keys(scene: Comparison) -> None:
    """Fails at the first answer to a key that differs."""
    for key in plant_keys(scene.world.admin, scene.model, scene.chance):
        asking = AskingKey(scene, key)
        if not key.lives(scene.model):
            asking.is_refused()
            continue
        asking.ask([asking.asked() for _ in range(BATCH)])
        asking.enter()
        asking.hold()
        for permission in scene.chance.sample(PERMISSIONS, 3):
            asking.who_can(permission)


class AskingKey:
    """One key, which asks."""

    def __init__(self, scene: Comparison, key: Key) -> None:
        self.scene = scene
        self.key = key
        self.headers = {"Authorization": f"Bearer {key.secret.text}"}

    def _send(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        return self.scene.world.call(None, method, path, headers=self.headers, **sent)

    def asked(self) -> AskedByKey:
        """A question, about the key itself in half of all cases; mostly of its own organization."""
        org_id, place, subject, permission = self.scene.asked(None)
        if org_id != self.key.org.id and self.scene.chance.random() < 0.7:
            org_id, place = (
                self.key.org.id,
                self.scene.chance.choice([None, *self.key.org.workspaces]),
            )
        return org_id, place, self.scene.chance.choice([None, subject]), permission

    def is_refused(self) -> None:
        """Without the member whose own it is, or its organization, it is told nothing."""
        sent = {"checks": [body(self.asked())]}
        assert self._send("POST", f"{API}/check/batch", json=sent).status_code == 401
        self.scene.counted["key refused"] += 1

    def ask(self, wanted: list[AskedByKey]) -> None:
        """Batch, single and model agree, the explanation with them."""
        model, key = self.scene.model, self.key
        may = [each for each in wanted if key.may_ask(model, each[0], each[2])]
        results = self._send("POST", f"{API}/check/batch", json={"checks": list(map(body, may))})
        assert results.status_code == 200, results.text
        for each, got in zip(may, results.json()["results"], strict=True):
            assert got == key.decision(model, *each), (key, each)
            self.scene.counted["key's batch"] += 1
            self.scene.counted["allowed"] += got["allowed"]
        for each in self.scene.chance.sample(wanted, 10):
            answer = self._send("POST", f"{API}/check", json=body(each))
            if key.may_ask(model, each[0], each[2]):
                assert answer.json() == key.decision(model, *each), (key, each)
            else:
                assert answer.status_code == 403, (key, each)
            self.scene.counted["key's single"] += 1

    def enter(self) -> None:
        """What the routes decide on entering is what a check about the key itself says."""
        admin, key = self.scene.world.admin, self.key
        for _ in range(10):
            org_id, place, _, _ = self.asked()
            permission = self.scene.chance.choice(BUILT_IN)
            row = admin.execute(
                "select granted from directory.authorize_key(%s, %s, %s, %s)",
                [
                    key.secret.digest,
                    parse(Kind.ORGANIZATION, org_id),
                    permission,
                    parse(Kind.WORKSPACE, place) if place else None,
                ],
            ).fetchone()
            expected = key.decision(self.scene.model, org_id, place, None, permission)["allowed"]
            assert row == (expected,), (key, org_id, place, permission)
            self.scene.counted["key's authorization"] += 1

    def hold(self) -> None:
        """What members hold is told to a key as far as it sees."""
        for subject, member in self.key.org.members.items():
            answer = self._send(
                "GET", f"{API}/organizations/{self.key.org.id}/members/{member.id}/permissions"
            )
            if self._reads(answer):
                self.scene.same_permissions(answer.json(), self.key.org, subject, self.key.sees)

    def who_can(self, permission: str) -> None:
        """Who can is whom checks allow it, of what the key sees."""
        place = self.scene.chance.choice([None, *self.key.org.workspaces])
        answer = self._send("GET", path_of_able(self.key.org, permission, place))
        if self._reads(answer):
            self.scene.same_able(answer, self.key.org, place, permission, self.key.sees)

    def _reads(self, answer: httpx2.Response) -> bool:
        if not self.key.enters(self.key.org.id, None):
            assert answer.status_code == 404, answer.text
            return False
        reads = self.key.may(self.scene.model, None, "member:read")
        assert reads or answer.status_code == 403, answer.text
        return reads
