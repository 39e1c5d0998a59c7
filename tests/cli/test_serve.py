"""`tenantry serve` with all that it needs: it answers, sends emails, and ends without a cut."""

import socket
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from signal import SIGTERM

import httpx2
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tenantry.kit.ids import new_id
from tests.cli.commands import Running, running
from tests.cli.production import whole
from tests.support.api.wire import connected
from tests.support.cast import PASSWORD
from tests.support.mail.mailbox import part, token_in
from tests.support.mail.smtp import MailServer, mail_server
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING, wait_for

TOGETHER = 3
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

BothWays = pytest.mark.parametrize("workers", ["1", "2"])


@pytest.fixture(scope="module")
def post() -> Generator[MailServer]:
    """Where emails go."""
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(postgres: TestPostgres, post: MailServer, tmp_path: Path) -> dict[str, str]:
    """All that production needs, each secret in a file of its own."""
    values = whole(postgres.connections.service, post.url)
    for name in ("DATABASE_URL", "TENANTRY_SIGNING_KEYS", "TENANTRY_SECRET_KEY"):
        path = tmp_path / name
        path.write_text(values.pop(name) + "\n")
        values[f"{name}_FILE"] = str(path)
    return values


def sign_up(service: Running) -> httpx2.Response:
    body = {"email": f"nora.{new_id().hex[-12:]}@example.com", "password": PASSWORD}
    return httpx2.post(f"{service.url}/api/v1/auth/sign-up", json=body, timeout=CEILING)


@BothWays
def test_the_database_knows_its_connections_by_our_name(
    postgres: TestPostgres, workers: str
) -> None:
    made = postgres.fresh_database()
    service = running("serve", f"--workers={workers}", settings=whole(made.service))
    with service, postgres.admin() as admin:
        names = admin.execute(
            "select distinct application_name from pg_stat_activity where datname = %s",
            [conninfo_to_dict(made.service)["dbname"]],
        ).fetchall()
    assert names == [("tenantry",)]


@BothWays
def test_it_serves_and_sends(settings: dict[str, str], post: MailServer, workers: str) -> None:
    with running("serve", f"--workers={workers}", settings=settings) as service:
        answer = sign_up(service)
        assert answer.status_code == 201, answer.text
        email = answer.json()["user"]["email"]
        wait_for(lambda: email in post.emails)
        message = post.emails[email]
        assert message["From"] == settings["TENANTRY_MAIL_FROM"]
        link = f"https://tenantry.example.com/verify-email?token={token_in(message)}"
        assert link in part(message, "plain")
        assert service.get("/dev/mail").status_code == 404
        assert service.end(SIGTERM) == 0


@BothWays
def test_sigterm_cuts_no_request(
    settings: dict[str, str], postgres: TestPostgres, workers: str
) -> None:
    """Shown by `timeout_graceful_shutdown: 0` in cli/running.py: then the calls are cut at once.

    They are held back for longer than the moment that uvicorn waits in any case.
    """
    with (
        running("serve", f"--workers={workers}", settings=settings) as service,
        ThreadPoolExecutor(TOGETHER) as callers,
        idler(service) as idle,
        postgres.admin() as admin,
    ):
        with admin.transaction():
            admin.execute("lock table email_addresses in exclusive mode")
            answers = [callers.submit(sign_up, service) for _ in range(TOGETHER)]
            wait_for(lambda: waiting(admin) == TOGETHER)
            service.process.send_signal(SIGTERM)
            assert idle.recv(4096) == b""  # the service has begun to end
            assert not wait(answers, timeout=1, return_when=FIRST_COMPLETED).done
        assert [answer.result().status_code for answer in answers] == [201] * TOGETHER
        assert service.process.wait(CEILING) == 0


def waiting(admin: psycopg.Connection[tuple[int]]) -> int:
    """How many wait for a lock of PostgreSQL."""
    (count,) = admin.execute("select count(*) from pg_locks where not granted").fetchall()[0]
    return count


@contextmanager
def idler(service: Running) -> Generator[socket.socket]:
    """Somebody who asked once, and stays connected: a service that ends hangs up on them first."""
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=CEILING)) as idle:
        idle.request("GET", "/healthz")
        assert idle.getresponse().read() == b'{"status":"ok"}'
        yield idle.sock


@BothWays
def test_an_idle_connection_is_kept_for_as_long_as_the_setting_says(
    settings: dict[str, str], live_url: str, workers: str
) -> None:
    """By the order of events: the connection that was idle first, at a service that keeps them for
    its usual time, outlives one of a second. Fails where both have the same time: tried."""
    short = {**settings, "TENANTRY_KEEP_ALIVE_SECONDS": "1"}
    with running("serve", f"--workers={workers}", settings=short) as service:
        with connected(live_url) as usual, connected(service.url) as idle:
            for connection in (usual, idle):
                connection.sendall(HEALTH)
                assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
            assert idle.recv(4096) == b""
            usual.sendall(HEALTH)
            assert usual.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert service.end(SIGTERM) == 0
