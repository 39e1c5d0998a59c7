"""The database is away: every call says so at once, and the process itself is well."""

from typing import Any

import httpx2
import pytest

from tenantry.api.routes import OPERATIONS
from tenantry.api.routing.operations import Operation
from tenantry.kit import bearer_keys
from tests.conftest import ClientOf
from tests.http.responses import path_of
from tests.support.cast import PASSWORD, Cast
from tests.support.scene import GOOD_PASSWORD, new_address

BODIES = {
    "organizations.create": {"name": "Umbrella"},
    "organizations.update": {"name": "Umbrella"},
    "workspaces.create": {"name": "Lab"},
    "invitations.create": {"email": "somebody@example.com"},
    "invitations.preview": {"token": "A" * 43},
    "invitations.decline": {"token": "A" * 43},
    "invitations.accept": {"token": "A" * 43},
    "auth.sign_up": {"email": new_address(), "password": PASSWORD},
    "auth.verify_email": {"token": "A" * 43},
    "auth.forget_password": {"email": "somebody@example.com"},
    "auth.reset_password": {"token": "A" * 43, "password": GOOD_PASSWORD},
    "auth.change_password": {"current_password": PASSWORD, "new_password": GOOD_PASSWORD},
    "me.update": {"name": "Somebody"},
}
FORM = {
    "grant_type": "password",
    "username": "somebody@example.com",
    "password": PASSWORD,
    "token": "A" * 43,
}

FOR_SERVICES = {"auth.introspect"}
KEYED = {"Authorization": f"Bearer {bearer_keys.new_key(bearer_keys.SERVICE_KEY).text}"}


@pytest.fixture
async def cut_off(client_of: ClientOf) -> httpx2.AsyncClient:
    """A service whose database cannot be reached."""
    return await client_of(database_url="postgresql://nobody@127.0.0.1:1/nowhere")


def _request(client: httpx2.AsyncClient, cast: Cast, operation: Operation) -> httpx2.Request:
    path = path_of(operation, cast)
    sent: dict[str, Any] = {"data": FORM} if operation.form else {"json": BODIES.get(operation.id)}
    headers = KEYED if operation.id in FOR_SERVICES else cast.alice.headers
    return client.build_request(operation.method, path, headers=headers, **sent)


async def test_every_call_is_answered_with_503_and_when_to_try_again(
    cut_off: httpx2.AsyncClient, cast: Cast
) -> None:
    for operation in OPERATIONS:
        answer = await cut_off.send(_request(cut_off, cast, operation))
        assert answer.status_code == 503, (operation.id, answer.text)
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["code"] == "unavailable"
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_process_is_well_and_not_ready(cut_off: httpx2.AsyncClient) -> None:
    health, readiness = await cut_off.get("/healthz"), await cut_off.get("/readyz")

    assert health.status_code == 200
    assert (readiness.status_code, readiness.headers["retry-after"]) == (503, "1")
    assert readiness.json() == {"status": "unavailable", "failing": ["database"]}


async def test_who_shows_no_good_token_is_told_so_all_the_same(
    cut_off: httpx2.AsyncClient,
) -> None:
    answer = await cut_off.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401
