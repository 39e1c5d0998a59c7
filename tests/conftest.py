"""What every test may ask for: a real PostgreSQL, the service, clients of it, and the cast."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import uvicorn
from argon2 import PasswordHasher
from hypothesis import settings
from starlette.middleware.cors import CORSMiddleware

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.cli.serving.listening_socket import bound_socket
from tenantry.cli.serving.server import OPTIONS
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.http.observability.traced import Traced
from tenantry.http.proxies import Forwarded
from tenantry.http.service import Service
from tenantry.identity.accounts.passwords import Passwords
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.worker import housekeeping
from tests.support.api.invitations import hired
from tests.support.api.networks import somewhere
from tests.support.cast import Cast, Player, assemble
from tests.support.database.invariants import faults
from tests.support.postgres import TestPostgres
from tests.support.processes import open_folder
from tests.support.scene import Scene

# A busy machine stops a process for a while, and that decides no test.
settings.register_profile("tenantry", deadline=None)
settings.load_profile("tenantry")

BASE_URL = "http://tenantry.test"
AUDIENCE = "https://invoices.test"
SENDER = "Tenantry <no-reply@tenantry.test>"

_NOW = "select clock_timestamp(), pg_current_xact_id()::text::bigint"
_MADE_SINCE = """
    select org_id from organizations where created_at >= %(since)s
    union all select id from users where created_at >= %(since)s
"""

ClientOf = Callable[..., Awaitable[httpx2.AsyncClient]]


def cheap_passwords() -> Passwords:
    """Hashing that costs little, and is true. Each service has its own: it lets the threads go."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture(scope="session", autouse=True)
def rare_sweeps() -> Generator[None]:
    """Services of this process sweep as they start, and then not while tests run: some look at all
    tables twice, and what went between would be missed. Tests of sweeps sweep themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(housekeeping, "PERIOD_SECONDS", 24 * 3600.0)
        patch.setattr(housekeeping, "PROMPT_SECONDS", 24 * 3600.0)
        yield


@pytest.fixture(scope="session")
def postgres() -> Generator[TestPostgres]:
    """The PostgreSQL of this run."""
    with open_folder() as folder:
        started = TestPostgres.start(folder)
        yield started
        started.server.stop()


@pytest.fixture
def admin(postgres: TestPostgres) -> Generator[psycopg.Connection[Any]]:
    """A superuser's connection, to see what is really in the tables."""
    with postgres.admin() as connection:
        yield connection


@pytest.fixture
def unbroken(admin: psycopg.Connection[Any]) -> Generator[None]:
    """After the test, every invariant holds for the organizations and people that it made."""
    moment, transaction = admin.execute(_NOW).fetchall()[0]
    yield
    made = {id for (id,) in admin.execute(_MADE_SINCE, {"since": moment}).fetchall()}
    assert faults(admin, about=made, since=transaction) == []


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service's emails are caught."""
    return tmp_path_factory.mktemp("mailbox")


@pytest.fixture(scope="session")
def parts(postgres: TestPostgres, mailbox: Path) -> Parts:
    """What the service under test is made of. Passwords are hashed cheaply, and truly."""
    return Parts(
        database_url=postgres.connections.service,
        base_url=BASE_URL,
        signing_keys=SigningKeys.generate(),
        secret_key="a secret key that is used by tests alone",
        transport=Mailbox(mailbox, SENDER),
        links=Links(
            verify_email=f"{BASE_URL}/verify-email",
            reset_password=f"{BASE_URL}/reset-password",
            invitation=f"{BASE_URL}/invitation",
            home=f"{BASE_URL}/",
        ),
        passwords=cheap_passwords(),
        # Races shall meet at PostgreSQL's locks, and a busy machine shall refuse no one.
        pool=PoolOptions(per_key=8, patience=5, queue_timeout=30),
        audiences=(AUDIENCE,),
        shows_version=True,
        mailbox=mailbox,
    )


@pytest.fixture(scope="session")
async def app(parts: Parts) -> AsyncGenerator[Application]:
    """The service, in this process, its lifespan begun."""
    app = create_app(parts)
    assert isinstance(app, Application)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
def service(app: Application) -> Service:
    """The parts that interfaces work with, for tests of modules."""
    return app.service


@pytest.fixture(scope="session")
def database(service: Service) -> Database:
    """The service's connections."""
    return service.database


@pytest.fixture
async def api(app: Application) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the service, with no one signed in."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=somewhere())
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture
async def client_of(parts: Parts) -> AsyncGenerator[ClientOf]:
    """Makes clients of a service that differs from the usual one in the parts that are named; each
    comes from a network of its own, or from the address that is named."""
    async with AsyncExitStack() as stack:

        async def made(address: str = "", **differences: Any) -> httpx2.AsyncClient:
            different = replace(parts, **{"passwords": cheap_passwords(), **differences})
            app = create_app(different)
            inner = app
            while isinstance(inner, CORSMiddleware | Forwarded | Traced):
                inner = inner.app
            assert isinstance(inner, Application)
            await stack.enter_async_context(inner.router.lifespan_context(inner))
            client = (address, 50_000) if address else somewhere()
            transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=client)
            made = httpx2.AsyncClient(transport=transport, base_url=different.base_url)
            return await stack.enter_async_context(made)

        yield made


@pytest.fixture
async def cast(service: Service) -> Cast:
    """Alice, Dave, Vera, Bob and Charlie, made again."""
    return await assemble(service)


@pytest.fixture(scope="session")
def live_url(parts: Parts) -> Generator[str]:
    """The service as a real server on loopback, on a thread of its own; its base URL.

    All callers share one address, so it counts nothing.
    """
    bound = bound_socket("127.0.0.1", 0)
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    differences = {"base_url": url, "passwords": cheap_passwords(), "rate_limits": False}
    app = create_app(replace(parts, **differences))
    server = uvicorn.Server(uvicorn.Config(app, **OPTIONS))
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets=[bound])])
    thread.start()
    yield url
    server.should_exit = True
    thread.join()
    bound.close()


@pytest.fixture
def scene(
    api: httpx2.AsyncClient, mailbox: Path, cast: Cast, admin: psycopg.Connection[Any]
) -> Scene:
    """The cast, a client, the mailbox, and a look into the tables."""
    return Scene(api, mailbox, cast, admin)


@pytest.fixture
async def eve(scene: Scene, service: Service) -> Player:
    """A second Admin of Acme."""
    return await hired(scene, service, "Eve", "admin")
