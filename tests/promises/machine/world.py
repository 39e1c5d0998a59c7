"""The service with a database of its own, called step by step, and what is seen in its tables."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Generator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import psycopg
from psycopg import sql

from tenantry.access.keys import SigningKeys
from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.kit.ids import Kind, parse
from tenantry.mail.carriers import Mailbox
from tenantry.mail.model import Links
from tests.cast import Player, player
from tests.conftest import BASE_URL, SENDER, cheap_passwords
from tests.invariants import INVARIANTS
from tests.postgres import TestPostgres
from tests.promises.machine.model import Told
from tests.replay import present, replayed

NAMES = ("Alice", "Bob", "Charlie", "Dave", "Vera")
_TABLES = """
    select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'
"""

T = TypeVar("T")


@dataclass
class World:
    """The service lives on a thread of its own, so that it goes on while somebody thinks."""

    loop: asyncio.AbstractEventLoop
    app: Application
    client: httpx2.AsyncClient
    admin: psycopg.Connection[Any]
    said: Counter[str] = field(default_factory=Counter[str])
    """How often each refusal was foretold and came, by its code; under nothing, what was done."""

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What comes of it, on the service's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def begin_anew(self) -> dict[str, Player]:
        """Nobody is left but five new people, each with a personal organization."""
        tables = [sql.Identifier(name) for (name,) in self.admin.execute(_TABLES).fetchall()]
        empty = sql.SQL("truncate {}").format(sql.SQL(", ").join(tables))
        while not self._done(empty):  # the worker was in the way, with a lock on another table
            time.sleep(0.05)
        return {name: self.run(player(self.app.service, name)) for name in NAMES}

    def _done(self, statement: sql.Composed) -> bool:
        with suppress(psycopg.errors.DeadlockDetected):
            self.admin.execute(statement)
            return True
        return False

    def call(self, who: Player, method: str, path: str, **sent: Any) -> httpx2.Response:
        """What the service answers somebody."""
        headers = {**who.headers, **sent.pop("headers", {})}
        return self.run(self.client.request(method, path, headers=headers, **sent))

    def broken(self) -> list[str]:
        """Which of the invariants I1 to I8 do not hold now."""
        return [name for name, query in INVARIANTS.items() if self.admin.execute(query).fetchone()]

    def told(self, org_id: str) -> Told:
        """What lies in the tables of an organization, in the model's words."""
        return {key: _short(key[0], value) for key, value in self._present(org_id).items()}

    def must_replay(self, org_id: str) -> None:
        """An organization's events must tell everything that lies in its tables (I9)."""
        identity = parse(Kind.ORGANIZATION, org_id)
        assert identity is not None
        assert replayed(self.admin, identity) == self._present(org_id)

    def _present(self, org_id: str) -> dict[tuple[str, ...], dict[str, Any]]:
        identity = parse(Kind.ORGANIZATION, org_id)
        assert identity is not None
        return present(self.admin, identity)


def _short(noun: str, row: dict[str, Any]) -> object:
    if noun == "organization":
        return row["deleted_at"] is not None
    if noun == "role":
        return (row["key"], frozenset(row["permissions"]))
    if noun == "member":
        return (row["role"], row["status"], row["expires_at"] is not None)
    if noun == "workspace":
        private = row["visibility"] == "private"
        return (row["is_default"], private, row["archived_at"] is not None)
    if noun == "workspace_member":
        return row["role"]
    there = {each["workspace_id"]: each["role"] for each in row["workspaces"]}
    return (row["role"], row["status"], there)


@contextmanager
def world(postgres: TestPostgres, folder: Path) -> Generator[World]:
    """The service, begun and ended, over a fresh database; letters are laid into the folder."""
    connections = postgres.fresh_database()
    parts = Parts(
        database_url=connections.service,
        base_url=BASE_URL,
        signing_keys=SigningKeys.generate(),
        secret_key="a secret key that is used by tests alone",
        carrier=Mailbox(folder, SENDER),
        links=Links(*[f"{BASE_URL}/{page}" for page in ("verify", "reset", "invitation", "home")]),
        passwords=cheap_passwords(),
        rate_limits=False,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()
    try:
        with psycopg.connect(connections.service, user="postgres", autocommit=True) as admin:
            app, client = asyncio.run_coroutine_threadsafe(_opened(parts, stack), loop).result(60)
            yield World(loop, app, client, admin)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _opened(parts: Parts, stack: AsyncExitStack) -> tuple[Application, httpx2.AsyncClient]:
    app = create_app(parts)
    assert isinstance(app, Application)
    await stack.enter_async_context(app.router.lifespan_context(app))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    client = httpx2.AsyncClient(transport=transport, base_url=BASE_URL)
    return app, await stack.enter_async_context(client)
