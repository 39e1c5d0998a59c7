"""What is sent again when it fails, and what is not: by a server that fails as it is told."""

import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tenantry_client import (
    AsyncTenantry,
    Conflict,
    Misconfigured,
    NotFound,
    RateLimited,
    Tenantry,
    Unauthenticated,
    Unavailable,
    Unreachable,
)

ORG = "org_" + "0" * 26


@dataclass
class Failing:
    """A server on loopback: it hangs up (0), or answers with a status, in that order.

    Before 0 it may have done what was asked: no one can tell.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list[int])
    retry_after: str = "0"
    body: bytes = b"{}"
    location: str | None = None
    keys: list[str | None] = field(default_factory=list[str | None])
    """The Idempotency-Key of each request that arrived."""


@pytest.fixture
def failing() -> Generator[Failing]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    state = Failing(f"http://127.0.0.1:{server.server_address[1]}")

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            state.keys.append(self.headers.get("idempotency-key"))
            status = state.answers.pop(0) if state.answers else 200
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("retry-after", state.retry_after)
            if state.location is not None:
                self.send_header("location", state.location)
            self.send_header("content-length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        do_GET = do_POST = do_DELETE = do_PATCH = answer

        def log_message(self, format: str, *args: Any) -> None:
            """No one reads it."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("failures", [[503], [0], [503, 0, 503]], ids=str)
def test_what_creates_is_sent_again_under_one_key(failing: Failing, failures: list[int]) -> None:
    failing.answers = list(failures)
    with Tenantry(failing.url) as client:
        client.workspaces.create(ORG, name="Lab")
    assert len(failing.keys) == len(failures) + 1
    assert len(set(failing.keys)) == 1
    assert failing.keys[0]


async def test_a_read_is_sent_again_and_awaited(failing: Failing) -> None:
    failing.answers = [503, 0]
    async with AsyncTenantry(failing.url) as client:
        assert await client.organizations.get(ORG) == {}
    assert failing.keys == [None, None, None]


@pytest.mark.parametrize(("status", "problem"), [(503, Unavailable), (0, Unreachable)])
def test_what_cannot_be_known_again_is_not_sent_again(
    failing: Failing, status: int, problem: type[Exception]
) -> None:
    failing.answers = [status] * 9
    with Tenantry(failing.url) as client:
        with pytest.raises(problem):
            client.invitations.accept(token="x")
        with pytest.raises(problem):
            client.organizations.update(ORG, name="X")
    assert failing.keys == [None, None]


def test_it_ends_with_the_fourth(failing: Failing) -> None:
    failing.answers = [503] * 9
    with Tenantry(failing.url) as client, pytest.raises(Unavailable) as refused:
        client.organizations.get(ORG)
    assert (len(failing.keys), refused.value.retry_after) == (4, 0)


def test_no_one_waits_longer_than_it_is_worth(failing: Failing) -> None:
    failing.answers, failing.retry_after = [503, 503], "3600"
    with Tenantry(failing.url) as client, pytest.raises(Unavailable):
        client.organizations.get(ORG)
    assert len(failing.keys) == 1


@pytest.mark.parametrize(("status", "problem"), [(429, RateLimited), (500, Unavailable)])
def test_what_was_decided_is_not_asked_again(
    failing: Failing, status: int, problem: type[Exception]
) -> None:
    failing.answers = [status]
    with Tenantry(failing.url) as client, pytest.raises(problem):
        client.organizations.get(ORG)
    assert len(failing.keys) == 1


@pytest.mark.parametrize("lost", [[0], [503], [0, 503, 0]], ids=str)
@pytest.mark.parametrize("status", [404, 410])
async def test_a_deletion_whose_answer_was_lost_is_done_where_nothing_is_left(
    failing: Failing, lost: list[int], status: int
) -> None:
    failing.answers = [*lost, status] * 2
    with Tenantry(failing.url) as client:
        client.workspaces.delete(ORG, "ws_1")
    async with AsyncTenantry(failing.url) as client:
        await client.workspaces.delete(ORG, "ws_1")
    assert len(failing.keys) == 2 * (len(lost) + 1)


def test_what_is_not_there_at_the_first_attempt_is_not_found(failing: Failing) -> None:
    """Nor is a read that comes too late a success."""
    failing.answers = [404, 0, 404]
    with Tenantry(failing.url) as client:
        with pytest.raises(NotFound):
            client.workspaces.delete(ORG, "ws_1")
        with pytest.raises(NotFound):
            client.workspaces.get(ORG, "ws_1")


@pytest.mark.parametrize(("lost", "problem"), [([0], Unreachable), ([], Unauthenticated)])
def test_whoever_deletes_their_account_is_not_told_that_they_are_no_one(
    failing: Failing, lost: list[int], problem: type[Exception]
) -> None:
    """The first attempt may have ended the session: what became of the call is not known."""
    failing.answers = [*lost, 401]
    with Tenantry(failing.url) as client, pytest.raises(problem):
        client.me.delete()


def test_an_attempt_of_ours_that_is_still_at_work_is_waited_for(failing: Failing) -> None:
    failing.body = b'{"code": "idempotency_in_flight"}'
    failing.answers = [0, 409, 200]
    with Tenantry(failing.url) as client:
        client.workspaces.create(ORG, name="Lab")
    assert len(set(failing.keys)) == 1

    failing.answers = [409]
    with Tenantry(failing.url) as client, pytest.raises(Conflict):
        client.workspaces.create(ORG, name="Lab", idempotency_key="somebody else's")


@pytest.mark.parametrize("body", [b"<html>", b'"text"'], ids=str)
def test_an_answer_that_is_not_tenantrys_says_what_to_change(failing: Failing, body: bytes) -> None:
    failing.body = body
    with Tenantry(failing.url) as client, pytest.raises(Misconfigured, match="base URL"):
        client.organizations.get(ORG)


def test_a_redirect_is_no_success(failing: Failing) -> None:
    failing.answers, failing.body, failing.location = [308], b"", "https://elsewhere.test/"
    with Tenantry(failing.url) as client, pytest.raises(Misconfigured, match=r"elsewhere\.test"):
        client.workspaces.delete(ORG, "ws_1")


@pytest.mark.parametrize("address", ["", "tenantry.example.com", "ftp://x", "https://", "//x"])
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        Tenantry(address)
    with pytest.raises(ValueError, match="https://"):
        AsyncTenantry(address)
