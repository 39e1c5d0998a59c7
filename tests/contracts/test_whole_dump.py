"""After a full run no secret can be read: in no table, no line of the log, no answer (I10).

Passwords, tokens of emails and of sessions, cookies and the operator's own keys are looked for as
they are, in JSON, URLs and forms, and in Base64 and hexadecimal, in PostgreSQL's own dump.
"""

import subprocess
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tenantry.embedded.binaries import find_client
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.layout import Templates
from tests.cli.commands import running
from tests.cli.production import SECRETS, whole
from tests.support.encodings import disguises, found_in
from tests.support.mail.smtp import mail_server
from tests.support.postgres import TestPostgres
from tests.support.processes import CEILING
from tests.support.scenarios.whole_life import Life
from tests.support.scenarios.whole_run import live


@dataclass(frozen=True)
class Remains:
    """What is left of a full run."""

    life: Life
    log: str
    url: str

    @property
    def secrets(self) -> list[str]:
        """All that anybody knew, and the operator's own."""
        return [*self.life.secrets, *SECRETS]

    def dump(self) -> str:
        """Every row of every table, and all the rest of the database."""
        with psycopg.connect(self.url) as admin:
            major = admin.info.server_version // 10000
        asked = [find_client("pg_dump", major), "--no-password", f"--dbname={self.url}"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    def tell(self, statement: str, value: str) -> None:
        """Plant something in the database."""
        with psycopg.connect(self.url, autocommit=True) as admin:
            assert admin.execute(statement.encode(), [value]).rowcount > 0


@pytest.fixture(scope="module")
def remains(postgres: TestPostgres, tmp_path_factory: pytest.TempPathFactory) -> Remains:
    database = postgres.fresh_database().service
    log: Path = tmp_path_factory.mktemp("whole") / "log"
    with mail_server() as post:
        settings = whole(database, post.url) | {"TENANTRY_LOG_LEVEL": "debug"}
        with (
            running("serve", settings=settings, log=log) as service,
            httpx2.Client(base_url=service.url, timeout=CEILING) as client,
        ):
            life = Life(client, post)
            live(life, settings)
    url = make_conninfo(database, user="postgres")
    return Remains(life, log.read_text(), url)


def test_every_kind_of_email_was_sent(remains: Remains) -> None:
    kinds = {kind for kind, words in EMAILS.items() if any(words in s for s in remains.life.read)}
    assert kinds == set(Templates().names)


# What each email has in its subject, and no other.
EMAILS = {
    "added": "added you to",
    "first_password": "Choose a password",
    "invitation": "Ada invites you to",
    "named_admin": "You are now an Admin of",
    "opened": "was created for you",
    "password_reset": "Choose a new password",
    "reminder": "Reminder:",
    "removed": "You were removed",
    "role_changed": "Your role in Team is",
    "role_replaced": "replaces",
    "verification": "Confirm your",
    "workspace_role_changed": "Your role in Lab is",
}


def test_nothing_can_be_read_in_the_whole_dump(remains: Remains) -> None:
    dump = remains.dump()
    assert "ada@example.com" in dump
    assert dump.count("COPY public.") > 20
    assert len(remains.secrets) > 40
    assert found_in(dump, remains.secrets) == []


def test_nothing_can_be_read_in_the_log(remains: Remains) -> None:
    assert remains.log.count("\n") > 60
    assert "has failed" in remains.log  # emails that were refused
    assert found_in(remains.log, remains.secrets) == []


def test_no_answer_tells_a_secret_that_it_was_not_to_bring(remains: Remains) -> None:
    found = [
        (number, form)
        for number, answer in enumerate(remains.life.answers)
        for form in found_in(
            answer, [each for each, by in remains.life.secrets.items() if by != number]
        )
    ]
    assert found == []


PLANTED = {
    "in JSON": "update organizations set metadata = jsonb_build_object('planted', %s::text)",
    "in a text": "update users set name = %s",
    "in an array": "update roles set permissions = array[%s] where not is_default",
    "in bytes": "update emails set sealed = convert_to('{\"token\": \"' || %s || '\"}', 'UTF8')"
    " where state = 'queued'",
}


EACH_SECRET = pytest.mark.parametrize(
    "secret",
    [Secret.new().text, 'quoted "twice" & über 100% \\ of it'],
    ids=["a token", "a phrase"],
)


@pytest.mark.parametrize("where", PLANTED)
@EACH_SECRET
def test_what_is_planted_is_found_wherever_it_lies(
    remains: Remains, where: str, secret: str
) -> None:
    remains.tell(PLANTED[where], secret)
    assert found_in(remains.dump(), [secret])


@EACH_SECRET
def test_what_is_planted_is_found_in_any_form(remains: Remains, secret: str) -> None:
    for form, value in disguises(secret).items():
        named = [each.partition(" ")[2] for each in found_in(f"before{value}after", [secret])]
        assert any(form.endswith(each) for each in named), form
    remains.tell(PLANTED["in JSON"], f"xy{secret.encode().hex()}")
    assert found_in(remains.dump(), [secret])


def test_what_is_encoded_is_found_wherever_it_begins() -> None:
    secret = Secret.new().text
    for before in range(7):
        text = b"x" * before + secret.encode() + b"yz"
        for encoded in (b64encode(text), urlsafe_b64encode(text), text.hex().upper().encode()):
            assert found_in(encoded.decode(), [secret])
    decoded = urlsafe_b64decode(secret + "=")
    assert found_in(decoded.hex(), [secret])
    assert found_in(b64encode(b"xy" + decoded).decode(), [secret])
