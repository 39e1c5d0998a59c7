"""The "new enemy": who was removed sees nothing that is made later, whichever worker is asked.

Two services, each a process of its own, over one database.
"""

from collections.abc import Generator
from contextlib import ExitStack

import httpx2
import pytest

from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.http.service import Service
from tests.cli.commands import Running, running
from tests.cli.production import SIGNING_KEYS, whole
from tests.support.cast import Cast, Player, join
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

ROUNDS = 5
CHECKS = 10
TOKENS = AccessTokens(SigningKeys.load(SIGNING_KEYS), issuer="https://tenantry.example.com")


@pytest.fixture
def workers(postgres: TestPostgres) -> Generator[list[Running]]:
    """Two services that know of each other by the database alone."""
    settings = {**whole(postgres.connections.service), "TENANTRY_RATE_LIMITS": "off"}
    with ExitStack() as stack:
        yield [stack.enter_context(running("serve", settings=settings)) for _ in range(2)]


def _headers(who: Player) -> dict[str, str]:
    token = TOKENS.issue(user_id=who.actor.id, session_id=who.actor.session_id)
    return {"Authorization": f"Bearer {token}"}


async def test_no_check_with_the_returned_revision_lets_the_removed_one_see_the_new_workspace(
    workers: list[Running], service: Service, cast: Cast
) -> None:
    """V is Admin, who would see every private workspace, until V is removed."""
    alice, org = _headers(cast.alice), cast.acme_path.rpartition("/")[2]
    with ExitStack() as stack:
        one, other = [
            stack.enter_context(httpx2.Client(base_url=each.url, headers=alice, timeout=CEILING))
            for each in workers
        ]
        for _ in range(ROUNDS):
            v = await join(service, cast.charlie, cast.acme, "admin")
            about = {"organization_id": org, "user_id": v.id, "permission": "workspace:read"}
            for worker in (one, other):  # each of them has just seen that V may
                assert worker.post("/api/v1/check", json=about).json()["allowed"] is True
            removed = one.delete(f"{cast.acme_path}/members/{v.member_id}")
            assert removed.status_code == 204, removed.text
            vault = other.post(
                f"{cast.acme_path}/workspaces", json={"name": "Vault", "visibility": "private"}
            )
            revision = int(vault.headers["tenantry-revision"])
            assert revision > int(removed.headers["tenantry-revision"])
            there = {**about, "workspace_id": vault.json()["id"], "at_least_as_fresh": revision}
            for worker in (one, other) * CHECKS:
                decision = worker.post("/api/v1/check", json=there).json()
                many = worker.post("/api/v1/check/batch", json={"checks": [there, about]}).json()
                for each in (decision, *many["results"]):
                    assert each["allowed"] is False
                    assert each["revision"] >= revision
