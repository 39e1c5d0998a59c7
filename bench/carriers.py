"""Ways to carry row security from a Python client; each reads one workspace for one member.

Every way takes `(session, user, organization, workspace)` and returns the row, or None where the
session, the membership or the permission is missing. Pools hold eight connections.
"""

from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from psycopg import AsyncConnection
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.statement import Statement

CONNECTIONS = 8
COLUMNS = "id, name, slug, description, metadata, created_at"
AUTHORIZE = "select membership_id, role_key from authorize($1, $2, $3, 'workspace:read')"
READ = f"select {COLUMNS} from workspaces where org_id = $1 and id = $2"
TENANT = "select set_config('tenantry.org_id', $1, true)"
INSERT = "insert into workspaces (org_id, id, name, slug) values ($1, $2, $3, $4)"
FUNCTION = "select * from enter_and_read($1, $2, $3, $4)"
REFERENCE = """
    select w.id, w.name, w.slug, w.description, w.metadata, w.created_at, r.key
    from sessions s
    join memberships m on m.org_id = $3 and m.user_id = s.user_id
    join roles r on r.org_id = m.org_id and r.id = m.role_id
    join workspaces w on w.org_id = $3 and w.id = $4
    where s.id = $1 and s.user_id = $2 and s.expires_at > now()
      and 'workspace:read' = any (r.permissions)
"""


class Ask(NamedTuple):
    """Who asks for what."""

    session: UUID
    user: UUID
    org: UUID
    workspace: UUID


class _Unreset(asyncpg.Connection):
    """asyncpg's pool sends a reset after each use; nothing here needs one, so it costs nothing."""

    def get_reset_query(self) -> str:
        return ""


class Asyncpg:
    """What asyncpg's arrangements share: a pool of their own."""

    role = "app"

    async def open(self, dsn: str) -> None:
        self.pool = await asyncpg.create_pool(
            dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, connection_class=_Unreset
        )

    async def close(self) -> None:
        await self.pool.close()


class Separately(Asyncpg):
    """asyncpg: BEGIN, tenant, authorize, read, COMMIT, each a message."""

    async def go(self, ask: Ask) -> Any:
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.fetchval(TENANT, "")
            if await connection.fetchrow(AUTHORIZE, ask.session, ask.user, ask.org) is None:
                return None
            return await connection.fetchrow(READ, ask.org, ask.workspace)


class BeginWithTenant(Asyncpg):
    """asyncpg: `BEGIN; SET LOCAL …` as one message, then authorize, read, COMMIT."""

    async def go(self, ask: Ask) -> Any:
        async with self.pool.acquire() as connection:
            await connection.execute(f"begin; set local tenantry.org_id = '{ask.org}'")
            entered = await connection.fetchrow(AUTHORIZE, ask.session, ask.user, ask.org)
            row = entered and await connection.fetchrow(READ, ask.org, ask.workspace)
            await connection.execute("commit")
            return row


class Function(Asyncpg):
    """asyncpg: a plpgsql function that sets the tenant and returns the row."""

    async def go(self, ask: Ask) -> Any:
        return await self.pool.fetchrow(FUNCTION, *ask)


class Reference(Asyncpg):
    """asyncpg: one statement, by a role that row security does not bind."""

    role = "bare"

    async def go(self, ask: Ask) -> Any:
        return await self.pool.fetchrow(REFERENCE, *ask)


class AsyncpgWrite(Asyncpg):
    """asyncpg, a write: BEGIN, authorize with the tenant, insert, COMMIT."""

    async def go(self, ask: Ask) -> Any:
        async with self.pool.acquire() as connection, connection.transaction():
            entered = await connection.fetchrow(AUTHORIZE, ask.session, ask.user, ask.org)
            if entered is None:
                return None
            return await connection.execute(INSERT, ask.org, ask.workspace, "New", "new")


class Ours:
    """Ours: authorize and read in one exchange over libpq's pipeline."""

    role = "app"
    authorize = Statement(AUTHORIZE)
    read = Statement(READ)
    insert = Statement(INSERT)

    async def open(self, dsn: str) -> None:
        self.database = Database(dsn, PoolOptions(size=CONNECTIONS, patience=30, queue_timeout=30))
        await self.database.open()

    async def close(self) -> None:
        await self.database.close()

    async def go(self, ask: Ask) -> Any:
        calls = [self.authorize(ask.session, ask.user, ask.org), self.read(ask.org, ask.workspace)]
        entered, found = await self.database.exchange(calls)
        return found.rows[0] if entered.rows and found.rows else None


class OursWrite(Ours):
    """Ours, a write: BEGIN, now and authorize in one message, insert, COMMIT."""

    async def go(self, ask: Ask) -> Any:
        authorizing = self.authorize(ask.session, ask.user, ask.org)
        async with self.database.transaction(authorizing) as (tx, (entered,)):
            if not entered.rows:
                return None
            return await tx.count(self.insert(ask.org, ask.workspace, "New", "new"))


class OursWriteLater(Ours):
    """Ours, a write whose answer no one needs: it leaves together with COMMIT."""

    async def go(self, ask: Ask) -> Any:
        authorizing = self.authorize(ask.session, ask.user, ask.org)
        async with self.database.transaction(authorizing) as (tx, (entered,)):
            if not entered.rows:
                return None
            tx.later(self.insert(ask.org, ask.workspace, "New", "new"))
            return True


class PsycopgPipeline:
    """psycopg's own pipeline mode: authorize and read by two cursors, one implicit transaction."""

    role = "app"
    authorize = AUTHORIZE.replace("$1, $2, $3", "%b, %b, %b")
    read = READ.replace("$1", "%b").replace("$2", "%b")

    async def open(self, dsn: str) -> None:
        self.pool = AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]](
            dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, open=False,
            kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": tuple_row},
        )  # fmt: skip
        await self.pool.open(wait=True)

    async def close(self) -> None:
        await self.pool.close()

    async def go(self, ask: Ask) -> Any:
        line = await self.pool.getconn()
        try:
            async with line.pipeline():
                entered, found = line.cursor(binary=True), line.cursor(binary=True)
                await entered.execute(self.authorize, (ask.session, ask.user, ask.org))
                await found.execute(self.read, (ask.org, ask.workspace))
            entry = await entered.fetchone()
            return await found.fetchone() if entry else None
        finally:
            await self.pool.putconn(line)
