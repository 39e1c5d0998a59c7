"""A service of its own whose emails no one carries but the test."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.http.service import Service
from tenantry.kit.secrets import Sealer, Secret
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.delivery import Delivery
from tenantry.platform.mail.model import Branding, Email
from tenantry.platform.mail.transports import Transport
from tenantry.schema.tenant import set_tenant
from tests.conftest import cheap_passwords
from tests.support.cast import found, player
from tests.support.postgres import TestPostgres

_EMAILS = """
    (select id, recipient, state, attempts, sealed, next_attempt_at, settled_at, last_error
       from emails
     union all
     select id, recipient, state, attempts, sealed, next_attempt_at, settled_at, last_error
       from account_emails
    ) x
"""


@dataclass(frozen=True)
class Lying:
    """An email as it lies in its outbox."""

    id: UUID
    recipient: str
    state: str
    attempts: int
    sealed: bytes | None
    next_attempt_at: datetime
    settled_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class Unattended:
    """The service without its worker, on a database of its own."""

    service: Service
    admin: psycopg.Connection[Any]
    database_name: str
    secret_key: str
    org_id: UUID

    def delivery(self, transport: Transport) -> Delivery:
        """What a worker would send with."""
        return Delivery(self.service.database, Sealer(self.secret_key), transport)

    def email(self, recipient: str, token: Secret, *, of_organization: bool = True) -> Email:
        """An email with a token in its link."""
        links = self.service.outbox.links
        link = links.with_token(links.invitation, token)
        if not of_organization:
            return Email(recipient, "verification", {"name": "Nora"}, link)
        values = {"inviter": "Olive", "role": "Viewer", "message": "", "until": "tomorrow"}
        return Email(recipient, "invitation", values, link, Branding(self.org_id, "Acme", "en"))

    async def leave(
        self, recipient: str, *, of_organization: bool = True, outbox: Outbox | None = None
    ) -> Secret:
        """Leave an email in an outbox; the token of its link."""
        token, org_id = Secret.new(), self.org_id if of_organization else None
        async with self.service.database.transaction() as (tx, _):
            if org_id is not None:
                set_tenant(tx, org_id)
            email = self.email(recipient, token, of_organization=of_organization)
            (outbox or self.service.outbox).enqueue(tx, email)
        return token

    def lying(self, recipient: str) -> list[Lying]:
        """The emails to somebody."""
        query = f"select * from {_EMAILS} where recipient = %s order by id".encode()
        return [Lying(*row) for row in self.admin.execute(query, [recipient]).fetchall()]

    def let_time_pass(self) -> None:
        """Make every email due that waits for another try, or that somebody has claimed."""
        for table in ("emails", "account_emails"):
            due = f"update {table} set next_attempt_at = now() where state = 'queued'"
            self.admin.execute(due.encode())

    def clear(self) -> None:
        """Take away what lies there."""
        self.admin.execute("delete from invitations")
        self.admin.execute("delete from emails")
        self.admin.execute("delete from account_emails")


async def deliver_due(delivery: Delivery) -> int:
    """Try every email whose time has come, one after another; how many were tried."""
    tried = 0
    while claimed := await delivery.claim_due(50, of_organizations=50):
        for each in claimed:
            await delivery.deliver(each)
        tried += len(claimed)
    return tried


@contextmanager
def _database(postgres: TestPostgres) -> Generator[tuple[str, psycopg.Connection[Any]]]:
    url = postgres.fresh_database().service
    with psycopg.connect(url, user="postgres", autocommit=True) as admin:
        yield url, admin


@asynccontextmanager
async def unattended(postgres: TestPostgres, parts: Parts) -> AsyncGenerator[Unattended]:
    """The service, its lifespan never begun, and an organization in it."""
    with _database(postgres) as (url, admin):
        app = create_app(replace(parts, database_url=url, passwords=cheap_passwords()))
        assert isinstance(app, Application)
        owner = await player(app.service, "Olive")
        acme = await found(app.service, owner, "Acme")
        yield Unattended(
            app.service, admin, admin.info.dbname, parts.secret_key, acme.organization.id
        )
        app.service.passwords.close()
        await app.service.database.close()
