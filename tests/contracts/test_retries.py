"""A deadlock or serialization failure is retried for every caller, and the change is made once.

Each fails where what calls there is not repeated: the answer is 503 then. Of jobs the same is shown
in tests/worker/test_retries.py, of commands in tests/cli/test_operators.py.
"""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.console.visitor import Visitor
from tests.support.cast import PASSWORD, Cast
from tests.support.database.injected_failures import SERIALIZATION, attempts, tripping
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

Admin = psycopg.Connection[Any]

AT = pytest.mark.parametrize("at_commit", [False, True], ids=["at once", "at COMMIT"])


@pytest.fixture
def scene(api: httpx2.AsyncClient, mailbox: Any, cast: Cast, admin: Admin) -> Scene:
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> AsyncGenerator[Hands]:
    yield await Hands.of(api, service, cast, cast.alice)
    api.cookies.clear()


@AT
async def test_of_a_call_that_writes(
    api: httpx2.AsyncClient, cast: Cast, admin: Admin, at_commit: bool
) -> None:
    with tripping(admin, "events", 1, at_commit=at_commit):
        path, body = f"{cast.acme_path}/workspaces", {"name": "Lab"}
        answer = await api.post(path, json=body, headers=cast.alice.headers)
        assert (answer.status_code, attempts(admin)) == (201, 2)
    listed = (await api.get(path, headers=cast.alice.headers)).json()["data"]
    assert [each["name"] for each in listed].count("Lab") == 1


@AT
async def test_of_a_page_that_writes(alice: Hands, admin: Admin, at_commit: bool) -> None:
    fields = {"name": "Lab", "slug": "", "description": "", "visibility": "organization"}
    with tripping(admin, "events", 1, at_commit=at_commit):
        page = await alice.send("/workspaces/new", fields)
        assert (page.status_code, attempts(admin)) == (200, 2)
    assert (await alice.see("/workspaces")).text.count(">Lab<") == 1


@AT
async def test_of_a_page_about_oneself(alice: Hands, admin: Admin, at_commit: bool) -> None:
    with tripping(admin, "account_events", 1, at_commit=at_commit):
        page = await alice.send("//account", {"name": "Alicia"})
        assert (page.status_code, attempts(admin)) == (200, 2)
    assert "Alicia" in page.text


@AT
async def test_of_signing_up_and_in(api: httpx2.AsyncClient, admin: Admin, at_commit: bool) -> None:
    address = new_address()
    with tripping(admin, "sessions", 1, at_commit=at_commit):
        given = {"email": address, "password": PASSWORD}
        answer = await api.post("/api/v1/auth/sign-up", json=given)
        assert (answer.status_code, attempts(admin)) == (201, 2)
    with tripping(admin, "sessions", 1, at_commit=at_commit):
        grant = {"grant_type": "password", "username": address, "password": PASSWORD}
        answer = await api.post("/api/v1/auth/token", data=grant)
        assert (answer.status_code, attempts(admin)) == (200, 2)


@AT
async def test_of_signing_up_at_the_page(
    api: httpx2.AsyncClient, admin: Admin, at_commit: bool
) -> None:
    visitor, address = Visitor(api), new_address()
    fields = {"email": address, "name": "Nora", "password": PASSWORD, "next": "/"}
    with tripping(admin, "sessions", 1, at_commit=at_commit):
        answer = await visitor.send("/sign-up", **fields)
        assert (answer.status_code, attempts(admin)) == (303, 2)
    assert _accounts(admin, address) == 1
    api.cookies.clear()


@AT
async def test_of_signing_up_by_an_invitation(
    api: httpx2.AsyncClient, scene: Scene, admin: Admin, at_commit: bool
) -> None:
    address = new_address()
    given = {
        "email": address,
        "password": PASSWORD,
        "invitation_token": await scene.invited(address),
    }
    with tripping(admin, "sessions", 1, code=SERIALIZATION, at_commit=at_commit):
        answer = await api.post("/api/v1/auth/sign-up", json=given)
        assert (answer.status_code, attempts(admin)) == (201, 2)
    assert _accounts(admin, address) == 1


@AT
async def test_of_signing_up_at_the_page_of_an_invitation(
    api: httpx2.AsyncClient, scene: Scene, admin: Admin, at_commit: bool
) -> None:
    address = new_address()
    token = await scene.invited(address)
    fields = {"way": "sign-up", "name": "Nora", "password": PASSWORD}
    with tripping(admin, "sessions", 1, at_commit=at_commit):
        page = await Visitor(api).post("/invitation", token, fields)
        assert (page.status_code, attempts(admin)) == (200, 2)
    assert _accounts(admin, address) == 1
    api.cookies.clear()


@AT
async def test_of_changing_a_password(
    api: httpx2.AsyncClient, alice: Hands, cast: Cast, admin: Admin, at_commit: bool
) -> None:
    given = {"current_password": PASSWORD, "new_password": GOOD_PASSWORD}
    with tripping(admin, "account_events", 1, at_commit=at_commit):
        answer = await api.post(
            "/api/v1/auth/password/change", json=given, headers=cast.bob.headers
        )
        assert (answer.status_code, attempts(admin)) == (204, 2)
    with tripping(admin, "account_events", 1, at_commit=at_commit):
        page = await alice.send("//account/password", given)
        assert (page.status_code, attempts(admin)) == (200, 2)


@AT
async def test_of_deleting_an_account(
    api: httpx2.AsyncClient, service: Service, cast: Cast, admin: Admin, at_commit: bool
) -> None:
    with tripping(admin, "erasures", 1, at_commit=at_commit):
        answer = await api.delete("/api/v1/me", headers=cast.charlie.headers)
        assert (answer.status_code, attempts(admin)) == (204, 2)
    vera = await Hands.of(api, service, cast, cast.vera)
    with tripping(admin, "erasures", 1, at_commit=at_commit):
        page = await vera.send("//account/delete", {"current_password": PASSWORD})
        assert (page.status_code, attempts(admin)) == (200, 2)
    api.cookies.clear()


async def test_of_a_new_password_by_email(
    api: httpx2.AsyncClient, scene: Scene, cast: Cast, admin: Admin
) -> None:
    token = await scene.forgot_password(cast.bob.actor.email)
    with tripping(admin, "account_events", 1):
        given = {"token": token, "password": GOOD_PASSWORD}
        answer = await api.post("/api/v1/auth/password/reset", json=given)
        assert (answer.status_code, attempts(admin)) == (204, 2)


def _accounts(admin: Admin, address: str) -> int:
    row = admin.execute("select count(*) from users where email = %s", [address]).fetchone()
    assert row is not None
    return row[0]
