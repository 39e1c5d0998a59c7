"""The service with a database of its own, called step by step, and what is seen in its tables."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Generator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import httpx2
import psycopg
from psycopg import sql

from tenantry.api.application import Application
from tenantry.app import SWEEPS, Parts, create_app
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.ids import Kind, parse
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Mailbox
from tenantry.worker.housekeeping import Housekeeping
from tests.conftest import BASE_URL, SENDER, cheap_passwords
from tests.contracts.machine.emails import Emails
from tests.contracts.machine.model import LIMITS, Told
from tests.support.cast import Player, player
from tests.support.database.invariants import INVARIANTS
from tests.support.database.replay import present, replayed
from tests.support.postgres import TestPostgres

NAMES = ("Alice", "Bob", "Charlie", "Dave", "Erin", "Vera")
_TABLES = """
    select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_parts'
"""
# All of them in one message: a walk looks after every step.
_BROKEN = sql.SQL(" union all ").join(
    sql.SQL("select {} where exists ({})").format(name, sql.SQL(query))
    for name, query in INVARIANTS.items()
)
# The newest last.
_TOKENS = """
    select digest from invitation_tokens where invitation_id = %s
     order by replaced_at desc nulls first
"""
_EXPIRE: dict[Kind, LiteralString] = {
    Kind.INVITATION: "update invitations set expires_at = clock_timestamp() where id = %s",
    Kind.MEMBERSHIP: "update memberships set expires_at = clock_timestamp() where id = %s",
}
_EXPIRES_AT: dict[Kind, LiteralString] = {
    Kind.INVITATION: "select org_id, expires_at from invitations where id = %s",
    Kind.MEMBERSHIP: "select org_id, expires_at from memberships where id = %s",
}
_RETELL = """
    update events set changes = replace(changes::text, %s, %s)::jsonb where org_id = %s
"""

T = TypeVar("T")


@dataclass
class World:
    """The service lives on a thread of its own, so that it goes on while somebody thinks."""

    loop: asyncio.AbstractEventLoop
    app: Application
    client: httpx2.AsyncClient
    admin: psycopg.Connection[Any]
    emails: Emails
    steps: int = 0
    said: Counter[str] = field(default_factory=Counter[str])
    """How often each refusal was foretold and came, by its code; under nothing, what was done."""

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What comes of it, on the service's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def begin_anew(self) -> dict[str, Player]:
        """No one is left but six new people, each with a personal organization."""
        tables = [sql.Identifier(name) for (name,) in self.admin.execute(_TABLES).fetchall()]
        empty = sql.SQL("truncate {}").format(sql.SQL(", ").join(tables))
        # The worker looks into one outbox and then into the other, this locks both in its own
        # order: each may hold what the other waits for, and PostgreSQL ends one of them.
        while not self._done(empty):
            time.sleep(0.05)
        return {name: self.open_account(name) for name in NAMES}

    def open_account(self, name: str, email: str = "") -> Player:
        """Somebody new, who may have the address of somebody who has gone."""
        return self.run(player(self.app.service, name, email=email))

    def tidy(self) -> None:
        """What the end of an account has left to do is done."""
        sweeps = {name: SWEEPS[name] for name in ("erasures", "organizations")}
        self.run(Housekeeping(self.app.service.database, sweeps).sweep_all())

    def _done(self, statement: sql.Composed) -> bool:
        with suppress(psycopg.errors.DeadlockDetected):
            self.admin.execute(statement)
            return True
        return False

    def call(self, who: Player | None, method: str, path: str, **sent: Any) -> httpx2.Response:
        """What the service answers somebody, or no one who is signed in."""
        headers = {**(who.headers if who else {}), **sent.pop("headers", {})}
        return self.run(self.client.request(method, path, headers=headers, **sent))

    def broken(self) -> list[str]:
        """Which of the invariants I1 to I8 do not hold now."""
        return [name for (name,) in self.admin.execute(_BROKEN, prepare=True).fetchall()]

    def token(self, invitation_id: str, nth: int) -> tuple[str, bool]:
        """What one of an invitation's emails brought, and whether it is the newest of them."""
        digests = self.admin.execute(_TOKENS, [_uuid(Kind.INVITATION, invitation_id)]).fetchall()
        which = nth % len(digests)
        return self.emails.token(digests[which][0]), which == 0

    def let_expire(self, kind: Kind, identity: str) -> None:
        """As if it had been made so much earlier that its end has come by now.

        The time is another one in the tables, and in the events that tell of it.
        """
        found = self.admin.execute(_EXPIRES_AT[kind], [_uuid(kind, identity)])
        ((org_id, before),) = found.fetchall()
        self.admin.execute(_EXPIRE[kind], [_uuid(kind, identity)])
        ((_, now),) = self.admin.execute(_EXPIRES_AT[kind], [_uuid(kind, identity)]).fetchall()
        self.admin.execute(_RETELL, [_written(before), _written(now), org_id])

    def told(self, org_id: str) -> Told:
        """What lies in the tables of an organization, in the model's words."""
        return {key: _short(key[0], value) for key, value in self._present(org_id).items()}

    def must_replay(self, org_id: str) -> None:
        """An organization's events must tell everything that lies in its tables (I9)."""
        there, told = self._present(org_id), replayed(self.admin, _uuid(Kind.ORGANIZATION, org_id))
        differing = [key for key in there.keys() | told if there.get(key) != told.get(key)]
        assert differing == [], [(each, there.get(each), told.get(each)) for each in differing]

    def _present(self, org_id: str) -> dict[tuple[str, ...], dict[str, Any]]:
        return present(self.admin, _uuid(Kind.ORGANIZATION, org_id))


def _uuid(kind: Kind, identity: str) -> UUID:
    found = parse(kind, identity)
    assert found is not None
    return found


def _written(moment: datetime) -> str:
    """As events write it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


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
    """The service, begun and ended, over a fresh database; emails are laid into the folder."""
    connections = postgres.fresh_database()
    parts = Parts(
        database_url=connections.service,
        base_url=BASE_URL,
        signing_keys=SigningKeys.generate(),
        secret_key="a secret key that is used by tests alone",
        transport=Mailbox(folder, SENDER),
        links=Links(*[f"{BASE_URL}/{page}" for page in ("verify", "reset", "invitation", "home")]),
        passwords=cheap_passwords(),
        limits=LIMITS,
        rate_limits=False,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()
    try:
        # Without compiling: what is looked at is small, and looked at often.
        with psycopg.connect(
            connections.service, user="postgres", options="-c jit=off", autocommit=True
        ) as admin:
            app, client = asyncio.run_coroutine_threadsafe(_opened(parts, stack), loop).result(60)
            yield World(loop, app, client, admin, Emails(folder))
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
