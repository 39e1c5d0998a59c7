"""A database of its own in which people have lived: made through the API, to be broken by tests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.kit.ids import new_id
from tests.conftest import cheap_passwords
from tests.support.cast import PASSWORD, Cast, assemble
from tests.support.mail.mailbox import email_to, token_in
from tests.support.postgres import TestPostgres


@dataclass(frozen=True)
class Populated:
    """The database as a superuser sees it, who lives in it, and what only they know."""

    admin: psycopg.Connection[Any]
    cast: Cast
    secrets: list[str]

    @property
    def names(self) -> dict[str, Any]:
        """What the statements that break something call by name."""
        cast = self.cast
        return {
            "acme": cast.acme.organization.id,
            "bobs": cast.bobs.organization.id,
            "alice": cast.alice.actor.id,
            "bob": cast.bob.actor.id,
            "dave": cast.dave.actor.id,
            "vera": cast.vera.actor.id,
            "other": new_id(),
            "password": PASSWORD,
            "secret": self.secrets[-1],
        }


@asynccontextmanager
async def populated(
    postgres: TestPostgres, parts: Parts, mailbox: Path
) -> AsyncGenerator[Populated]:
    """Five people and their organizations; one person more has signed up, and one was invited."""
    connections = postgres.fresh_database()
    app = create_app(replace(parts, database_url=connections.service, passwords=cheap_passwords()))
    assert isinstance(app, Application)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=parts.base_url) as client,
    ):
        cast = await assemble(app.service)
        secrets = [PASSWORD, cast.alice.token, *await _live(client, cast, mailbox)]
    with psycopg.connect(connections.service, user="postgres", autocommit=True) as admin:
        yield Populated(admin, cast, secrets)


async def _live(client: httpx2.AsyncClient, cast: Cast, mailbox: Path) -> list[str]:
    """Somebody signs up, joins Acme, and signs in again; the tokens that came about."""
    email = f"erin.{new_id().hex[-12:]}@example.com"
    client.headers.update(cast.alice.headers)
    await _post(client, f"{cast.acme_path}/members/invite", {"email": email, "role": "developer"})
    other = {"email": f"frank.{new_id().hex[-12:]}@example.com"}
    await _post(client, f"{cast.acme_path}/members/invite", other)
    invitation = token_in(await email_to(mailbox, email))
    erin = await _post(
        client,
        "/api/v1/auth/sign-up",
        {"email": email, "password": PASSWORD, "invitation_token": invitation},
    )
    form = {"grant_type": "refresh_token", "refresh_token": erin["refresh_token"]}
    renewed = (await client.post("/api/v1/auth/token", data=form)).raise_for_status().json()
    # Changed once, so that there is a row of Bob's in each table of tenants.
    changed = await client.patch(
        cast.bobs_path, json={"name": "Bob and Friends"}, headers=cast.bob.headers
    )
    changed.raise_for_status()
    tokens = [invitation, erin["access_token"], erin["refresh_token"], renewed["refresh_token"]]
    return [*await _keys(client, cast), *tokens]


async def _keys(client: httpx2.AsyncClient, cast: Cast) -> list[str]:
    """Alice makes a key of her own, renews it, and one of a service account; the secrets."""
    robot = {"name": "Robot", "role": "viewer", "workspace_id": cast.workspace_id}
    account = await _post(client, f"{cast.acme_path}/service-accounts", robot)
    keys = f"{cast.acme_path}/api-keys"
    bound = {"name": "Deploy", "role": "developer", "workspace_id": cast.workspace_id}
    own = await _post(client, keys, bound)
    renewed = await _post(client, f"{keys}/{own['id']}/rotate", {})
    of_account = {"name": "Nightly", "service_account_id": account["id"]}
    return [own["key"], renewed["key"], (await _post(client, keys, of_account))["key"]]


async def _post(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return (await client.post(path, json=body)).raise_for_status().json()
