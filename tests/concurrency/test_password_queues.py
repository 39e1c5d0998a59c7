"""New passwords, however many, keep no one from signing in; and each queue has an end."""

import asyncio
import json
from collections.abc import Generator
from dataclasses import replace
from threading import Event
from typing import Literal

import httpx2
import pytest
from argon2 import PasswordHasher
from starlette.types import Message

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.identity.accounts.passwords import Passwords
from tests.conftest import BASE_URL, ClientOf
from tests.console.visitor import Visitor
from tests.http.responses import told
from tests.support.api.networks import somewhere
from tests.support.api.signed_in import sign_in
from tests.support.cast import PASSWORD, Cast
from tests.support.processes import CEILING
from tests.support.scene import GOOD_PASSWORD, new_address

SIGN_UP = "/api/v1/auth/sign-up"


class HeldHasher(PasswordHasher):
    """Argon2 in earnest, which waits before a hash until the next password was checked, or a check
    until it is let go; `hashing` and `checking` tell that one has begun."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.hashing, self.checking = Event(), Event()
        self.may_hash, self.may_check = Event(), Event()
        self.hashed = 0
        self.may_hash.set()
        self.may_check.set()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """The hash, once it may be."""
        self.hashing.set()
        self.may_hash.wait(CEILING)
        self.hashed += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        """Whether it is the right one, once that may be told."""
        self.checking.set()
        self.may_check.wait(CEILING)
        return super().verify(hash, password)


@pytest.fixture
def hasher() -> Generator[HeldHasher]:
    """One that holds no one up at the end, whatever a test has found."""
    made = HeldHasher()
    yield made
    made.may_hash.set()
    made.may_check.set()


async def sign_up(api: httpx2.AsyncClient) -> httpx2.Response:
    """The answer to somebody new."""
    return await api.post(SIGN_UP, json={"email": new_address(), "password": GOOD_PASSWORD})


async def begun(event: Event) -> None:
    """Wait until a thread has come so far."""
    assert await asyncio.to_thread(event.wait, CEILING)


async def test_who_signs_in_goes_past_those_who_choose_a_password(
    client_of: ClientOf, hasher: HeldHasher, cast: Cast
) -> None:
    """Fails, with sign-ups that are over first, where both wait for the same threads."""
    api = await client_of(passwords=Passwords(hasher))
    hasher.may_hash.clear()
    sign_ups = [asyncio.create_task(sign_up(api)) for _ in range(5)]
    await begun(hasher.hashing)

    assert (await sign_in(api, cast.charlie.actor.email)).status_code == 200

    assert not any(each.done() for each in sign_ups)
    hasher.may_hash.set()
    assert {answer.status_code for answer in await asyncio.gather(*sign_ups)} == {201}


async def test_beyond_the_end_of_a_queue_the_answer_is_503_and_when_to_try_again(
    client_of: ClientOf, hasher: HeldHasher, cast: Cast
) -> None:
    api = await client_of(passwords=Passwords(hasher, most_waiting=0))
    hasher.may_hash.clear()
    hasher.hashing.clear()
    first = asyncio.create_task(sign_up(api))
    await begun(hasher.hashing)

    refused = await sign_up(api)
    page = await Visitor(api).send(
        "/sign-up", email=new_address(), name="Nora", password=GOOD_PASSWORD
    )

    assert told(refused) == (503, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "The service is busy" in page.text
    hasher.may_hash.set()
    assert (await first).status_code == 201
    assert (await sign_up(api)).status_code == 201


async def test_signing_in_has_a_queue_with_an_end_as_well(
    client_of: ClientOf, hasher: HeldHasher, cast: Cast
) -> None:
    api = await client_of(passwords=Passwords(hasher, threads=1, most_waiting=0))
    hasher.may_check.clear()
    first = asyncio.create_task(sign_in(api, cast.charlie.actor.email))
    await begun(hasher.checking)

    refused = await sign_in(api, cast.bob.actor.email)
    page = await Visitor(api).send("/sign-in", email=cast.bob.actor.email, password=PASSWORD)

    assert told(refused) == (503, "overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert page.status_code == 503
    hasher.may_check.set()
    assert (await first).status_code == 200


async def test_nothing_is_hashed_for_who_has_gone(parts: Parts, hasher: HeldHasher) -> None:
    """Fails, with three passwords hashed, where no one looks whether the caller is there."""
    app = create_app(replace(parts, passwords=Passwords(hasher)))
    assert isinstance(app, Application)
    transport = httpx2.ASGITransport(app, client=somewhere())
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as api,
    ):
        hasher.may_hash.clear()
        hasher.hashing.clear()
        first = asyncio.create_task(sign_up(api))
        await begun(hasher.hashing)
        before = hasher.hashed

        assert await _sign_up_and_go(app) == []

        hasher.may_hash.set()
        assert (await first).status_code == 201
        assert (await sign_up(api)).status_code == 201
        assert hasher.hashed == before + 2


async def _sign_up_and_go(app: Application) -> list[Message]:
    """What somebody is sent who goes away as soon as all of their request is there."""
    body = json.dumps({"email": new_address(), "password": GOOD_PASSWORD}).encode()
    scope = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST"},
        **{"scheme": "http", "path": SIGN_UP, "raw_path": SIGN_UP.encode(), "query_string": b""},
        "headers": [(b"host", b"tenantry.test"), (b"content-type", b"application/json")],
        "client": ("192.0.2.77", 50_000),
    }
    incoming = iter([{"type": "http.request", "body": body}])
    sent = list[Message]()

    async def receive() -> Message:
        return next(incoming, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent
