"""A small database of our own, and lines to it."""

from collections.abc import AsyncGenerator, Generator

import psycopg
import pytest

from tenantry.cli.provision import Connections
from tenantry.postgres.connection import Connection
from tenantry.postgres.database import Database
from tenantry.postgres.pool.connection_pool import ConnectionPool
from tenantry.postgres.pool.options import PoolOptions
from tests.postgres.backends import Admin
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING

SCHEMA = """
    create table notes (id int primary key, text text not null);
    create table pairs (
      id int primary key, partner int references pairs deferrable initially deferred
    );
    create table shapes (width int);
    create sequence attempts;
    grant all on all tables in schema public to tenantry_service;
    grant all on all sequences in schema public to tenantry_service;
"""


@pytest.fixture(scope="package")
def notebook(postgres: TestPostgres) -> Connections:
    """A database that holds nothing of Tenantry, and a few tables to try things on."""
    made = postgres.fresh_database(migrated=False)
    with psycopg.connect(made.owner) as owner:
        owner.execute(SCHEMA)
    return made


@pytest.fixture
def owner(notebook: Connections) -> Generator[Admin]:
    """The owner of the notebook's schema; its tables are empty again."""
    with psycopg.connect(notebook.owner, autocommit=True) as connection:
        connection.execute("truncate notes, pairs, shapes")
        yield connection


@pytest.fixture
async def connection(notebook: Connections) -> AsyncGenerator[Connection]:
    """One line."""
    pool = ConnectionPool(
        notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
    )
    taken = await pool.acquire()
    yield taken
    pool.release(taken)
    await pool.close()


@pytest.fixture
async def single(notebook: Connections) -> AsyncGenerator[Database]:
    """A database with one connection, so that everything meets on it."""
    database = Database(
        notebook.service, PoolOptions(size=1, patience=CEILING, queue_timeout=CEILING)
    )
    yield database
    await database.close()
