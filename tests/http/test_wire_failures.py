"""What is told when something goes wrong on our side: nothing of what it was."""

import json
import logging
from contextlib import AbstractAsyncContextManager, nullcontext

import httpx2
import pytest
from psycopg import errors
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenantry.api.application import Application
from tenantry.api.context import WriteContext
from tenantry.api.dispatch import Dispatch
from tenantry.api.routing.declarations import Routes
from tenantry.api.routing.route_table import RouteTable
from tenantry.http.access import Requirement
from tenantry.http.failures import status_of
from tenantry.http.problems import reply_to
from tenantry.http.service import Service
from tenantry.kit.refusals import Refusal
from tests.conftest import BASE_URL
from tests.http.responses import told
from tests.support.cast import Cast

SECRET = "the password of somebody"


class Stumbling:
    """A call that fails so many times before it succeeds."""

    def __init__(self, failures: list[Exception]) -> None:
        self._failures = failures
        self.tries = 0

    async def handle(self, ctx: WriteContext) -> None:
        """Stumble."""
        self.tries += 1
        if self._failures:
            raise self._failures.pop(0)

    def client(self, service: Service, app: Application) -> httpx2.AsyncClient:
        """A client of a service that has this call alone."""
        route = Routes()
        route.post("/stumble", Requirement.SIGNED_IN, id="stumble")(self.handle)
        dispatch = Dispatch(service, RouteTable(route), app)
        transport = httpx2.ASGITransport(app=dispatch, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=BASE_URL)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged."""
    caplog.set_level(logging.INFO, "tenantry.http")
    return caplog


async def test_a_deadlock_is_tried_again_and_the_caller_learns_nothing_of_it(
    service: Service, app: Application, cast: Cast
) -> None:
    stumbling = Stumbling([errors.DeadlockDetected(), errors.SerializationFailure()])

    async with stumbling.client(service, app) as client:
        answer = await client.post("/api/v1/stumble", headers=cast.alice.headers)

    assert (answer.status_code, stumbling.tries) == (204, 3)


async def test_after_three_tries_the_caller_may_try_again(
    service: Service, app: Application, cast: Cast
) -> None:
    stumbling = Stumbling([errors.DeadlockDetected() for _ in range(9)])

    async with stumbling.client(service, app) as client:
        answer = await client.post("/api/v1/stumble", headers=cast.alice.headers)

    assert (told(answer), stumbling.tries) == ((503, "locked"), 3)
    assert answer.headers["retry-after"] == "2"


async def test_an_unknown_failure_is_logged_and_not_told(
    service: Service, app: Application, cast: Cast, quiet: pytest.LogCaptureFixture
) -> None:
    stumbling = Stumbling([ValueError(SECRET)])

    async with stumbling.client(service, app) as client:
        answer = await client.post("/api/v1/stumble", headers=cast.alice.headers)

    (record,) = quiet.records
    assert (told(answer), stumbling.tries) == ((500, "internal_error"), 1)
    assert SECRET not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert getattr(record, "request_id", None) == answer.headers["x-request-id"]
    assert record.exc_info


async def test_a_page_that_fails_tells_nothing_either(service: Service) -> None:
    async def fail(_: Request) -> Response:
        raise ValueError(SECRET)

    def lifespan(_: object) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    app = Application(service, lifespan=lifespan, pages=[Route("/fail", fail)])
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.get("/fail")

    assert told(answer) == (500, "internal_error")
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (errors.QueryCanceled(), (503, "overloaded")),
        (errors.LockNotAvailable(), (503, "locked")),
        (errors.AdminShutdown(), (503, "unavailable")),
        (errors.UniqueViolation(), (500, "internal_error")),
        (errors.InsufficientPrivilege(), (500, "internal_error")),
        (ValueError(), (500, "internal_error")),
    ],
)
def test_what_passes_by_itself_is_told_apart_from_what_is_broken(
    failure: Exception, expected: tuple[int, str]
) -> None:
    reply = reply_to(failure, "req_1")
    assert (reply.status, json.loads(reply.body)["code"]) == expected


def test_a_refusal_without_a_status_is_a_mistake_of_ours() -> None:
    class Stray(Refusal):
        code = "stray"

    with pytest.raises(LookupError, match="Stray"):
        status_of(Stray())
