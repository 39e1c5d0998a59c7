"""A migration beside a service at work: no one waits behind it, no connection is left behind."""

import asyncio
import logging
import shutil
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import psycopg
import pytest

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.cli.provision import Connections
from tenantry.postgres import migrator
from tenantry.postgres.migrator import MigrationError, Part, Schema
from tenantry.schema import SCHEMA, migrate
from tests.conftest import BASE_URL, cheap_passwords
from tests.support.api.networks import somewhere
from tests.support.cast import Cast, assemble
from tests.support.postgres import TestPostgres

CHANGED = "9.0.0_01_longer_names.sql"


@pytest.fixture
def newer(tmp_path: Path) -> Schema:
    """The schema of a later release, with one upgrade."""
    folder = tmp_path / "schema"
    shutil.copytree(str(SCHEMA.folder), folder)
    upgrade = "alter table workspaces alter name type varchar(300)"
    (folder / "upgrades" / CHANGED).write_text(upgrade)
    return Schema(folder, "9.0.0")


@dataclass
class Place:
    """A service with people, on a database of its own."""

    connections: Connections
    client: httpx2.AsyncClient
    cast: Cast

    async def call_all(self) -> list[int]:
        """Reads and writes at once, more than there are connections; their statuses."""
        path, headers = f"{self.cast.acme_path}/workspaces", self.cast.alice.headers
        reads = [self.client.get(path, headers=headers) for _ in range(10)]
        writes = [self.client.post(path, json={"name": "Lab"}, headers=headers) for _ in range(3)]
        return [answer.status_code for answer in await asyncio.gather(*reads, *writes)]


@pytest.fixture
async def place(postgres: TestPostgres, parts: Parts) -> AsyncGenerator[Place]:
    connections = postgres.fresh_database()
    differences = {"database_url": connections.service, "passwords": cheap_passwords()}
    app = create_app(replace(parts, **differences))
    assert isinstance(app, Application)
    async with app.router.lifespan_context(app):
        cast = await assemble(app.service)
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=somewhere())
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            yield Place(connections, client, cast)


async def test_beside_a_long_reader_no_one_waits_for_a_migration(
    place: Place, newer: Schema, caplog: pytest.LogCaptureFixture
) -> None:
    """Fails where a step waits for its lock without a limit: every read or write of the table
    waits behind it, until that is 503."""
    done = list[Part]()
    migrating = threading.Thread(
        target=lambda: done.extend(migrate(place.connections.owner, newer)), daemon=True
    )
    with psycopg.connect(place.connections.owner) as reader, caplog.at_level(logging.WARNING):
        reader.execute("select from workspaces")
        migrating.start()
        statuses = set[int]()
        while sum(f"{CHANGED} waits" in said for said in caplog.messages) < 3:
            statuses |= {*await place.call_all()}
            assert statuses <= {200, 201}
    while migrating.is_alive():
        statuses |= {*await place.call_all()}
    assert done == newer.upgrades
    # Every connection has prepared statements of before, whose columns have another type now.
    statuses |= {*await place.call_all()}
    assert statuses == {200, 201}


def test_who_holds_a_lock_too_long_is_looked_for(
    postgres: TestPostgres, newer: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrator, "_PATIENCE_SECONDS", -1.0)
    connections = postgres.fresh_database()
    with psycopg.connect(connections.owner) as reader:
        reader.execute("select from workspaces")
        with pytest.raises(MigrationError, match="pg_stat_activity"):
            migrate(connections.owner, newer)
    monkeypatch.undo()
    assert migrate(connections.owner, newer) == newer.upgrades
