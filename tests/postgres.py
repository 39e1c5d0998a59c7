"""A real PostgreSQL for the tests: the embedded one, in a temporary folder, for one run."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tenantry.cli.provision import DATABASE, OWNER, SERVICE, Connections, provision
from tenantry.database.embedded.server import EmbeddedServer, start
from tenantry.database.migrator import migrate

_numbers = count(1)


@dataclass(frozen=True)
class TestPostgres:
    """The server of this run, with the service's database in it, migrated."""

    __test__ = False

    server: EmbeddedServer
    connections: Connections

    @classmethod
    def start(cls, home: Path) -> "TestPostgres":
        server = start(home)
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
