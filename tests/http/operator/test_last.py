"""The last operator: not to be lost by a call of the API."""

from typing import Any

import httpx2
import psycopg

from tenantry.identity.operators import actions as operators
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tests.conftest import ClientOf
from tests.http.responses import API, told
from tests.support.api.operator_calls import OPERATOR, REASON
from tests.support.cast import PASSWORD
from tests.support.postgres import TestPostgres


async def _operator(client: httpx2.AsyncClient, url: str, email: str) -> dict[str, Any]:
    """Somebody who signs up, proves their address and becomes an operator."""
    body = {"email": email, "password": PASSWORD}
    account = (await client.post(f"{API}/auth/sign-up", json=body)).raise_for_status().json()
    with psycopg.connect(url, user="postgres", autocommit=True) as admin:
        admin.execute("update users set email_verified_at = now() where email = %s", [email])
    database = Database(url, PoolOptions(size=1))
    async with database.transaction() as (tx, _):
        assert await operators.add(tx, email)
    await database.close()
    return account


def _bearing(account: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {account['access_token']}"}


async def test_the_last_operator_who_is_able_does_not_delete_their_account(
    postgres: TestPostgres, client_of: ClientOf
) -> None:
    url = postgres.fresh_database().service
    client = await client_of(database_url=url)
    olga = await _operator(client, url, "olga@example.com")
    otto = await _operator(client, url, "otto@example.com")
    disabling = f"{OPERATOR}/users/{otto['user']['id']}/disable"
    await client.post(disabling, json={"reason": REASON}, headers=_bearing(olga))

    refused = await client.delete(f"{API}/me", headers=_bearing(olga))
    assert told(refused) == (409, "last_operator")

    third = await _operator(client, url, "oona@example.com")
    gone = await client.delete(f"{API}/me", headers=_bearing(olga))
    users = await client.get(f"{OPERATOR}/users", headers=_bearing(third))
    assert gone.status_code == 204
    assert [each["email"] for each in users.json()["data"]] == [
        *("otto@example.com", "oona@example.com"),
    ]
