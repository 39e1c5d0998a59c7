"""Signing keys change under two processes that serve side by side, and no request fails.

One process after the other is replaced, as a rolling restart does. Tokens of each are shown to both
at every step. That the order matters is shown by the last test, which leaves out the first step.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager

import httpx2
import pytest

from tenantry.credentials.tokens.signing_keys import SigningKeys
from tests.cli.commands import Running, running
from tests.cli.production import whole
from tests.support.cast import PASSWORD
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

OLD, NEW = SigningKeys.generate().dump(), SigningKeys.generate().dump()


class Pair:
    """Two processes of one service, each with the keys that it was started with."""

    def __init__(self, postgres: TestPostgres, keys: str) -> None:
        self._settings = whole(postgres.connections.service)
        self._open: list[AbstractContextManager[Running]] = []
        self.services: list[Running] = []
        self.tokens: list[str] = []
        for _ in range(2):
            self._start(keys)

    def _start(self, keys: str) -> None:
        started = running("serve", settings=self._settings | {"TENANTRY_SIGNING_KEYS": keys})
        self.services.append(started.__enter__())
        self._open.append(started)

    def replace_one(self, keys: str) -> None:
        """A new process comes, then the oldest goes."""
        self._start(keys)
        self.services.pop(0)
        self._open.pop(0).__exit__(None, None, None)

    def ask_all(self, email: str) -> list[int]:
        """Sign in at each process, and show every token so far to each; the statuses."""
        form = {"grant_type": "password", "username": email, "password": PASSWORD}
        for service in self.services:
            answer = httpx2.post(f"{service.url}/api/v1/auth/token", data=form, timeout=CEILING)
            self.tokens.append(answer.raise_for_status().json()["access_token"])
        return [
            httpx2.get(
                f"{service.url}/api/v1/me",
                headers={"Authorization": f"Bearer {token}"},
                timeout=CEILING,
            ).status_code
            for service in self.services
            for token in self.tokens
        ]

    def stop(self) -> None:
        while self._open:
            self._open.pop().__exit__(None, None, None)


@pytest.fixture
def pair(postgres: TestPostgres) -> Generator[Pair]:
    made = Pair(postgres, OLD)
    yield made
    made.stop()


def sign_up(pair: Pair, name: str) -> str:
    email = f"{name}@example.com"
    body = {"email": email, "password": PASSWORD}
    url = f"{pair.services[0].url}/api/v1/auth/sign-up"
    httpx2.post(url, json=body, timeout=CEILING).raise_for_status()
    return email


def test_keys_change_without_a_failed_request(pair: Pair) -> None:
    email = sign_up(pair, "rota.calm")
    for keys in (OLD + NEW, NEW + OLD):  # first all know the new key, then it signs
        for _ in range(2):
            pair.replace_one(keys)
            assert set(pair.ask_all(email)) == {200}


def test_a_key_that_signs_before_all_know_it_is_refused_by_the_others(pair: Pair) -> None:
    email = sign_up(pair, "rota.hasty")
    pair.replace_one(NEW + OLD)
    assert set(pair.ask_all(email)) == {200, 401}
