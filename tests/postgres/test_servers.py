"""Several hosts: each has a time of its own, so that a silent one keeps no one from the next."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenantry.cli.provision import SUPERUSER, Connections
from tenantry.postgres.database import Database
from tenantry.postgres.failures import DatabaseUnavailable
from tenantry.postgres.pool.options import PoolOptions
from tenantry.postgres.pool.servers import Servers
from tenantry.postgres.statement import Statement
from tenantry.postgres.transaction import Tx
from tests.faults.postgres_server import Patient
from tests.postgres.backends import ONE
from tests.support.processes import CEILING, open_folder

WHERE = Statement("select current_setting('data_directory')")
SOON = PoolOptions(size=2, patience=2.0, queue_timeout=60)


@pytest.fixture
def silent() -> Generator[int]:
    """The port of a host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture(scope="module")
def two() -> Generator[tuple[Patient, Patient]]:
    """Two servers."""
    with open_folder() as folder, open_folder() as other:
        first, second = Patient(folder / "home"), Patient(other / "home")
        yield first, second
        for each in (first, second):
            each.thaw()
            each.shut_down()


@pytest.fixture
async def database(two: tuple[Patient, Patient]) -> AsyncGenerator[Database]:
    """The first of them, as long as it answers, else the second."""
    database = Database(joined(*(each.server.dsn(SUPERUSER, "postgres") for each in two)), SOON)
    yield database
    await database.close()


def joined(*conninfos: str) -> str:
    """One connection string that names the hosts of several."""
    parts = [conninfo_to_dict(each) for each in conninfos]
    hosts, ports = (",".join(str(each[name]) for each in parts) for name in ("host", "port"))
    return make_conninfo("", **{**parts[0], "host": hosts, "port": ports})


async def where(database: Database) -> str:
    return (await database.execute([WHERE()]))[0].rows[0][0]


async def test_a_first_host_that_is_silent_is_passed_over(
    notebook: Connections, silent: int
) -> None:
    """Fails where the time for all hosts is used up by the first."""
    conninfo = joined(f"host=127.0.0.1 port={silent}", notebook.service)
    parts = conninfo_to_dict(notebook.service)
    parts |= {name: conninfo_to_dict(conninfo)[name] for name in ("host", "port")}
    database = Database(make_conninfo("", **parts), SOON)
    async with asyncio.timeout(CEILING):
        assert (await database.execute([ONE()]))[0].rows == [(1,)]
    await database.close()


async def test_who_is_connected_to_a_server_that_freezes_goes_on_with_the_next(
    two: tuple[Patient, Patient], database: Database
) -> None:
    """Fails where connections stay with a server that answers nothing, or the sign of life is asked
    of another one."""
    first, second = two
    assert await where(database) == str(first.server.data_folder)
    first.freeze()
    try:
        async with asyncio.timeout(CEILING):
            with pytest.raises(DatabaseUnavailable):
                await where(database)
            assert await where(database) == str(second.server.data_folder)
    finally:
        first.thaw()


async def test_who_waits_for_a_frozen_server_is_told_though_another_answers(
    two: tuple[Patient, Patient], database: Database
) -> None:
    """Fails where a sign of life of any server will do: the act waits for ever then."""
    first, second = two

    async def act(tx: Tx) -> None:
        first.freeze()
        assert await where(database) == str(second.server.data_folder)
        await tx.execute([ONE()])

    try:
        async with asyncio.timeout(CEILING):
            with pytest.raises(DatabaseUnavailable):
                await database.run(act)
    finally:
        first.thaw()


@pytest.mark.parametrize(
    ("conninfo", "expected"),
    [
        ("host=/a,/b port=1,2", [("/a", "1"), ("/b", "2")]),
        ("host=/a,/b port=1", [("/a", "1"), ("/b", "1")]),
        ("host=/a", [("/a", None)]),
        ("dbname=x", [(None, None)]),
        ("host=h hostaddr=127.0.0.1,127.0.0.2", [("h", None), ("h", None)]),
    ],
)
async def test_each_host_is_tried_in_order(
    conninfo: str, expected: list[tuple[str | None, str | None]]
) -> None:
    tried = [conninfo_to_dict(each) for each in await Servers(conninfo).in_order()]
    assert [(each.get("host"), each.get("port")) for each in tried] == expected


async def test_a_name_stands_for_all_its_addresses() -> None:
    tried = await Servers("host=localhost,127.0.0.1 port=7").in_order()
    assert {"localhost", "127.0.0.1"} == {str(conninfo_to_dict(each)["host"]) for each in tried}
    assert all(conninfo_to_dict(each)["hostaddr"] for each in tried)


async def test_who_was_silent_comes_last_for_a_while() -> None:
    servers = Servers("host=/a,/b,/c")
    first, second, third = await servers.in_order()
    servers.note_silent(first)
    assert await servers.in_order() == [second, third, first]


async def test_a_standby_is_preferred_where_that_is_wanted() -> None:
    tried = await Servers("host=/a,/b target_session_attrs=prefer-standby").in_order()
    assert [conninfo_to_dict(each)["target_session_attrs"] for each in tried] == [
        *("standby", "standby", "any", "any")
    ]
