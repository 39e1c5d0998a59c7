"""However much is sent, the service does not grow by it."""

import subprocess
import sys
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from tests.contracts.test_hostile_input import BODIES
from tests.contracts.test_hostile_requests import JSON, chunked, create
from tests.support.api import wire
from tests.support.cast import PASSWORD
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scene import new_address

_MEGABYTE = 1024 * 1024
_HUNDRED = [b"x" * _MEGABYTE] * 100


@dataclass(frozen=True)
class Child:
    """The service in a process of its own."""

    process: subprocess.Popen[str]
    url: str

    @property
    def most(self) -> int:
        """How many bytes it has held at most so far."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def child(postgres: TestPostgres, tmp_path: Path) -> Generator[Child]:
    """The service, as a child of this process."""
    command = [sys.executable, "-m", "tests.support.measured_service"]
    with subprocess.Popen(
        [*command, postgres.connections.service, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout
        yield Child(process, process.stdout.readline().strip())
        assert process.stdin
        process.stdin.close()
        assert process.wait(CEILING) == 0


def _signed_up(url: str) -> dict[str, str]:
    body = orjson.dumps({"email": new_address(), "password": PASSWORD})
    answer = wire.sent(
        url, wire.request("/api/v1/auth/sign-up", method="POST", headers=JSON, body=body)
    )
    assert answer.status == 201
    return {"Authorization": f"Bearer {answer.json['access_token']}", **JSON}


def _large(bearer: dict[str, str]) -> Iterable[Iterable[bytes]]:
    """Requests of a hundred megabytes, and all that is bad and fits the bound."""
    declared = {"Content-Length": str(100 * _MEGABYTE)}
    for headers in (bearer, JSON):
        yield [create({**headers, **declared}), *_HUNDRED]
        yield chunked(headers, _HUNDRED)
    yield [wire.request("/api/v1/me", headers={"Authorization": "Bearer " + "x" * 1_000_000})]
    yield [wire.request("/" + "x" * 1_000_000)]
    for body in BODIES.values():
        yield [create(bearer, body)]


def test_memory_stays_flat_whatever_is_sent(child: Child) -> None:
    """Fails by a hundred megabytes and more once bodies are read without a bound: tried."""
    bearer = _signed_up(child.url)
    for _ in range(20):
        assert wire.sent(child.url, create(bearer, b'{"name": "Usual"}')).status == 201
    peaks = [child.most]

    for _ in range(4):
        for pieces in _large(bearer):
            assert 400 <= wire.pushed(child.url, pieces).status < 500
        peaks.append(child.most)

    assert peaks[-1] - peaks[0] < 80 * _MEGABYTE
    assert peaks[-1] - peaks[2] < 16 * _MEGABYTE
    assert wire.sent(child.url, wire.request("/readyz")).status == 200
