"""Behind a pooler in transaction mode, what protects a transaction travels with each.

A setting of the session would reach only the server's connection that the pooler lends at that
moment, and stay on it for the next client.
"""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from tenantry.cli.provision import SERVICE, Connections
from tenantry.embedded.owner import PORT
from tenantry.postgres.connection import Connection
from tenantry.postgres.database import Database
from tenantry.postgres.pool.connection_pool import ConnectionPool
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.statement import Statement
from tests.faults.proxy import Proxy
from tests.postgres.backends import Admin

OPTIONS = PoolOptions(
    size=1,
    patience=30,
    queue_timeout=30,
    statement_timeout=7,
    lock_timeout=0.2,
    idle_in_transaction_timeout=9,
)
SHOW = Statement("""
    select current_setting('statement_timeout'), current_setting('lock_timeout'),
           current_setting('idle_in_transaction_session_timeout'), current_setting('timezone')
""")
OURS = ("7s", "200ms", "9s", "UTC")
READ = Statement("select * from notes")
LOCK = Statement("lock table notes")


@pytest.fixture
def pooler(notebook: Connections) -> Generator[Proxy]:
    """Something that shows its own numbers, as a pooler does."""
    folder = Path(str(conninfo_to_dict(notebook.service)["host"]))
    proxy = Proxy(lambda: folder / f".s.PGSQL.{PORT}")
    proxy.poses_as_pooler = True
    yield proxy
    proxy.stop()


@pytest.fixture
def conninfo(notebook: Connections, pooler: Proxy) -> str:
    return pooler.dsn(SERVICE, str(conninfo_to_dict(notebook.service)["dbname"]))


@pytest.fixture
async def pooled(conninfo: str) -> AsyncGenerator[Database]:
    database = Database(conninfo, OPTIONS)
    yield database
    await database.close()


async def shown(connection: Connection) -> tuple[str, ...]:
    """What holds for this one statement."""
    return (await connection.execute_pipeline([SHOW()]))[0].rows[0]


async def test_a_read_brings_what_protects_it(pooled: Database) -> None:
    assert (await pooled.execute([SHOW()]))[0].rows == [OURS]
    assert len(await pooled.execute([SHOW(), SHOW()])) == 2


async def test_a_transaction_brings_what_protects_it(pooled: Database, owner: Admin) -> None:
    async with pooled.transaction(SHOW()) as (tx, (first,)):
        assert [*first.rows, await tx.row(SHOW())] == [OURS, OURS]
    with owner.transaction():
        owner.execute("lock table notes")
        with pytest.raises(errors.LockNotAvailable):
            await pooled.execute([READ()])
        with pytest.raises(errors.LockNotAvailable):
            await pooled.run(lambda tx: tx.execute([LOCK()]))


async def test_nothing_of_it_stays_on_the_servers_connection(conninfo: str) -> None:
    """Fails where the session is set: the next client of the connection would have it."""
    pool = ConnectionPool(conninfo, OPTIONS)
    connection = await pool.acquire()
    assert (await connection.read([SHOW()]))[0].rows == [OURS]
    assert (await shown(connection))[:3] == ("0", "0", "0")
    pool.release(connection)
    await pool.close()


async def test_a_connection_of_ones_own_is_set_once(notebook: Connections) -> None:
    pool = ConnectionPool(notebook.service, OPTIONS)
    connection = await pool.acquire()
    assert (connection.prelude, await shown(connection)) == ((), OURS)
    pool.release(connection)
    await pool.close()
