"""Mail beside the acts that cause it: none waits for the other, and no token is told elsewhere."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2
import psycopg
import pytest

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.platform.mail.transports import Mailbox, Smtp, Transport
from tests.conftest import SENDER, cheap_passwords
from tests.support.api.invitations import accept, offer, offered, sign_up_with
from tests.support.api.signed_in import Tokens, refresh, sign_in
from tests.support.cast import assemble
from tests.support.database.exposure import readable_secrets
from tests.support.mail.mail_server.server import PostOffice
from tests.support.mail.mailbox import part, token_in
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scene import Scene, new_address

_CLIENTS = ("httpx2", "httpcore2", "mail")


@asynccontextmanager
async def serving(
    postgres: TestPostgres, parts: Parts, carrier: Transport, mailbox: Path
) -> AsyncGenerator[Scene]:
    """A service on a database of its own, worker and all, with emails going this way."""
    url = postgres.fresh_database().service
    own = replace(parts, database_url=url, transport=carrier, passwords=cheap_passwords())
    app = create_app(own)
    assert isinstance(app, Application)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=parts.base_url) as client,
    ):
        with psycopg.connect(url, user="postgres", autocommit=True) as admin:
            yield Scene(client, mailbox, await assemble(app.service), admin)


async def test_a_slow_mail_server_delays_no_invitation_and_no_end_of_the_service(
    postgres: TestPostgres, parts: Parts, office: PostOffice, tmp_path: Path
) -> None:
    """The server has the first email, and says nothing to it until all of this is over."""
    office.opened.clear()
    smtp = Smtp(office.url(), SENDER)
    async with asyncio.timeout(CEILING), serving(postgres, parts, smtp, tmp_path) as scene:
        answers = [await offer(scene, new_address())]
        await office.reached.wait()
        answers += [await offer(scene, new_address()) for _ in range(3)]
        states = scene.admin.execute("select distinct state from emails").fetchall()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert {answer.json()["delivery"] for answer in answers} == {"queued"}
    assert states == [("queued",)]
    assert office.received == []


async def test_a_mail_server_that_is_away_delays_no_invitation(
    postgres: TestPostgres, parts: Parts, tmp_path: Path
) -> None:
    away = Smtp("smtp://127.0.0.1:1", SENDER)
    async with asyncio.timeout(CEILING), serving(postgres, parts, away, tmp_path) as scene:
        email = new_address()
        assert (await offer(scene, email)).status_code == 201
        tried = "select attempts from emails where recipient = %s"
        while scene.admin.execute(tried, [email]).fetchone() == (0,):
            await asyncio.sleep(0.01)
        assert (await offer(scene, new_address())).status_code == 201


async def test_a_whole_email_arrives_in_the_organizations_language(
    postgres: TestPostgres, parts: Parts, office: PostOffice, tmp_path: Path
) -> None:
    email, smtp = new_address(), Smtp(office.url(), SENDER)
    async with asyncio.timeout(CEILING), serving(postgres, parts, smtp, tmp_path) as scene:
        path, headers = scene.cast.acme_path, scene.cast.alice.headers
        await scene.api.patch(
            path, json={"locale": "de", "name": "Müller & Söhne"}, headers=headers
        )
        answer = await offer(scene, email, message="Bis Montag?", expires_in_days=1)
        while not office.received:
            await asyncio.sleep(0.01)

    message = office.received[0].message
    text, html = part(message, "plain"), part(message, "html")
    day = datetime.fromisoformat(answer.json()["expires_at"]).day
    assert message["To"] == email
    assert message["Subject"] == "Alice lädt Sie zu Müller & Söhne ein"
    assert message["Content-Language"] == "de"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@tenantry.test>")
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert "Müller & Söhne mit der Rolle Viewer beizutreten." in text
    assert "Alice schreibt:\n\n> Bis Montag?\n" in text
    assert f"Die Einladung gilt bis {day}. " in text
    assert f"{parts.base_url}/invitation?token={token_in(message)}" in text
    assert "Müller &amp; Söhne" in html
    assert f'href="{parts.base_url}/invitation?token={token_in(message)}"' in html


async def test_no_token_of_an_email_or_a_session_is_in_a_log_or_a_table(
    postgres: TestPostgres, parts: Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    box = Mailbox(tmp_path, SENDER)
    async with serving(postgres, parts, box, tmp_path) as scene:
        secrets = await _lived(scene)
        assert readable_secrets(scene.admin, secrets) == []

    ours = [each for each in caplog.records if not each.name.startswith(_CLIENTS)]
    told = "\n".join(logging.Formatter().format(each) for each in ours)
    assert [secret for secret in secrets if secret in told] == []


async def _lived(scene: Scene) -> list[str]:
    """Tokens come and go, well used and ill; all of them."""
    email, charlie = new_address(), scene.cast.charlie
    invitation, other = await offered(scene, email), await offered(scene, charlie.actor.email)
    await accept(scene, charlie, invitation)
    await accept(scene, charlie, other)
    given = Tokens.of(await sign_up_with(scene, email, invitation))
    renewed = Tokens.of(await refresh(scene.api, given.refresh))
    verification = await scene.signed_up(new_address())
    reset = await scene.forgot_password(email)
    for token in (invitation, verification, reset):
        for path in ("/invitation", "/verify-email", "/reset-password"):
            await scene.api.get(path, params={"token": token})
        await scene.api.post("/api/v1/auth/verify-email", json={"token": token})
    signed_in = Tokens.of(await sign_in(scene.api, email))
    held = [token for each in (given, renewed, signed_in) for token in (each.access, each.refresh)]
    return [invitation, other, verification, reset, charlie.token, *held]
