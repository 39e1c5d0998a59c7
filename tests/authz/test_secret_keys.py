"""A secret key joins those of the database where its service has the one in use as well."""

import asyncio

import httpx2
import psycopg
import pytest

from tenantry.kit.secrets import key_id
from tenantry.platform import secret_keys
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tests.conftest import ClientOf
from tests.support.postgres import TestPostgres

OLD, NEW, STRANGE = (key_id(f"{name} secret key") for name in ("old", "new", "strange"))


@pytest.fixture
def url(postgres: TestPostgres) -> str:
    """A database that no service has been started on."""
    return postgres.fresh_database().service


async def adopt(url: str, *keys: str, even_if_unknown: bool = False) -> bool:
    """What a service does that starts with these keys."""
    database = Database(url, PoolOptions(size=1))
    async with database.transaction() as (tx, _):
        adopted = await secret_keys.adopt(tx, keys, even_if_unknown=even_if_unknown)
    await database.close()
    return adopted


async def readiness(client_of: ClientOf, url: str, name: str) -> tuple[int, list[str]]:
    """What a service says of itself whose secret key is so called."""
    client = await client_of(database_url=url, secret_key=f"{name} secret key")
    answer: httpx2.Response = await client.get("/readyz")
    return answer.status_code, answer.json()["failing"]


async def test_a_service_with_another_secret_key_is_not_ready(
    url: str, client_of: ClientOf
) -> None:
    assert await readiness(client_of, url, "strange") == (200, [])
    assert await adopt(url, OLD)
    assert await readiness(client_of, url, "old") == (200, [])
    assert not await adopt(url, STRANGE)
    assert await readiness(client_of, url, "strange") == (503, ["secret_key"])


async def test_during_a_rotation_services_of_both_keys_are_ready(
    url: str, client_of: ClientOf
) -> None:
    assert await adopt(url, OLD)
    assert await adopt(url, NEW, OLD)
    assert await readiness(client_of, url, "new") == (200, [])
    assert await readiness(client_of, url, "old") == (200, [])
    assert await adopt(url, NEW)


async def test_a_rotation_can_be_taken_back(url: str) -> None:
    assert await adopt(url, OLD)
    assert await adopt(url, NEW, OLD)
    assert await adopt(url, OLD, NEW)
    assert not await adopt(url, NEW)


async def test_a_lost_key_is_given_up_by_saying_so(url: str, client_of: ClientOf) -> None:
    assert await adopt(url, OLD)
    assert await adopt(url, NEW, even_if_unknown=True)
    assert await readiness(client_of, url, "new") == (200, [])


async def test_of_services_that_start_at_once_with_different_keys_one_is_the_first(
    url: str,
) -> None:
    """Fails with several that were each the first once the table is not locked: tried."""
    with psycopg.connect(url, user="postgres", autocommit=True) as admin:
        for _ in range(10):
            admin.execute("delete from secret_keys")
            adopted = await asyncio.gather(*(adopt(url, key) for key in (OLD, NEW, STRANGE)))
            assert sum(adopted) == 1
