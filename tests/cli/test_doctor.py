"""`tenantry doctor`: a line for each thing, well or with what to do, and never a secret."""

import json
import os
from collections.abc import Generator, Mapping

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from tenantry.cli import secret_key
from tenantry.cli.main import app
from tenantry.cli.serving.dev_secrets import DEVELOPMENT_MARK
from tenantry.kit.secrets import key_id
from tests.cli.production import SECRETS, whole
from tests.support import issuer
from tests.support.mail.smtp import MailServer, mail_server
from tests.support.postgres import TestPostgres

LOOKED_AT = [
    *("settings", "base URL", "signing keys", "mail", "emails", "issuers"),
    *("connection", "PostgreSQL", "login", "migrations", "row security", "secret key", "clock"),
    "connections",
]


@pytest.fixture(scope="module")
def post() -> Generator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def database(postgres: TestPostgres) -> str:
    """A database that no service was started on."""
    return postgres.fresh_database().service


@pytest.fixture
def settings(database: str, post: MailServer) -> dict[str, str]:
    return whole(database, post.url)


def told(settings: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """The exit status, and the fixes by the name of the check."""
    ambient = [name for name in os.environ if name.startswith(("TENANTRY_", "DATABASE_URL"))]
    result = CliRunner().invoke(app, ["doctor"], env={**dict.fromkeys(ambient), **settings})
    assert result.stderr == ""
    for secret in SECRETS:
        assert secret not in result.stdout
    lines = result.stdout.splitlines()
    assert {line[:6] for line in lines} <= {"ok    ", "FIX   "}
    assert {line[6:19].strip() for line in lines} <= set(LOOKED_AT)
    fixes = {line[6:19].strip(): line[20:] for line in lines if line.startswith("FIX")}
    return result.exit_code, fixes


def test_what_is_well_is_said_line_by_line(settings: dict[str, str]) -> None:
    result = CliRunner().invoke(app, ["doctor"], env=settings)
    seen = [line[6:19].strip() for line in result.stdout.splitlines()]
    assert seen == [name for name in LOOKED_AT if name != "issuers"]
    assert told(settings) == (0, {})


@pytest.mark.parametrize(
    ("name", "value", "line", "fix"),
    [
        ("TENANTRY_BASE_URL", "", "base URL", "TENANTRY_BASE_URL is missing: set it to"),
        ("TENANTRY_BASE_URL", "http://tenantry.example.com", "base URL", "is not https"),
        ("TENANTRY_SIGNING_KEYS", "hunter2", "signing keys", "Create one with `openssl genpkey"),
        (
            "TENANTRY_SECRET_KEY",
            f"{DEVELOPMENT_MARK} hunter2 hunter2",
            "settings",
            "create another",
        ),
        ("TENANTRY_SMTP_URL", "smtp://post:hunter2@127.0.0.1:1", "mail", "or correct TENANTRY_SM"),
        ("TENANTRY_MAIL_FROM", "", "mail", "without TENANTRY_MAIL_FROM"),
        (
            "DATABASE_URL",
            "postgresql://someone:hunter2@127.0.0.1:1/nothing",
            "connection",
            "Start the database, or correct DATABASE_URL",
        ),
        ("TENANTRY_RATE_LIMITS", "off", "settings", "while TENANTRY_HOST lets other machines in"),
        ("TENANTRY_PROT", "hunter2", "settings", "did you mean TENANTRY_PORT?"),
        ("TENANTRY_LINK_HOME_URL", "http://hunter2.example/", "base URL", "is not https"),
        ("TENANTRY_TEMPLATES", "/nowhere", "emails", "is no folder. Fix the file, or remove it"),
        ("TENANTRY_PORT", "hunter2", "settings", "TENANTRY_PORT: "),
    ],
)
def test_what_is_amiss_is_named_with_its_fix(
    settings: dict[str, str], name: str, value: str, line: str, fix: str
) -> None:
    status, fixes = told(settings | {"TENANTRY_HOST": "0.0.0.0", name: value})
    assert (status, list(fixes)) == (1, [line])
    assert fix in fixes[line]


def test_a_database_that_is_behind_is_named(
    settings: dict[str, str], postgres: TestPostgres
) -> None:
    behind = postgres.fresh_database(migrated=False)
    status, fixes = told(settings | {"DATABASE_URL": behind.service})
    assert (status, set(fixes)) == (1, {"migrations", "row security", "secret key"})
    assert "run `tenantry migrate`" in fixes["migrations"]


@pytest.mark.parametrize(
    ("creation", "fix"),
    [
        ("create role unwell login", "GRANT tenantry_service TO it"),
        ("create role unwell login superuser", "to whom row security does not apply"),
        ("create role unwell login bypassrls in role tenantry_service", "Create a separate login"),
    ],
)
def test_a_login_with_other_rights_is_named(
    settings: dict[str, str], postgres: TestPostgres, creation: str, fix: str
) -> None:
    made = postgres.fresh_database()
    with postgres.admin("postgres") as admin:
        admin.execute(creation.encode())
        try:
            url = make_conninfo(made.service, user="unwell")
            status, fixes = told(settings | {"DATABASE_URL": url})
        finally:
            admin.execute("drop role unwell")
    assert status == 1
    assert fix in fixes["login"]


@pytest.mark.parametrize(
    "opening",
    [
        "alter table roles disable row level security",
        "alter table roles no force row level security",
        "create policy all_of_it on roles using (true)",
    ],
)
def test_row_security_that_is_not_really_on_is_named(
    settings: dict[str, str], postgres: TestPostgres, opening: str
) -> None:
    made = postgres.fresh_database()
    with psycopg.connect(make_conninfo(made.owner, user="postgres"), autocommit=True) as admin:
        admin.execute(opening.encode())
        admin.execute("set session_replication_role = replica")  # a row without what it refers to
        admin.execute(
            "insert into roles (org_id, id, key, name, permissions, created_at, updated_at) values"
            " (gen_random_uuid(), gen_random_uuid(), 'k', 'n', '{}', now(), now())"
        )
    status, fixes = told(settings | {"DATABASE_URL": made.service})
    assert (status, list(fixes)) == (1, ["row security"])
    assert "does not protect roles: as their owner, ALTER TABLE" in fixes["row security"]


def test_another_secret_key_than_the_other_services_is_named(
    settings: dict[str, str], postgres: TestPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    database = postgres.fresh_database().service
    settings |= {"DATABASE_URL": database}
    other = "a secret key of another service, hunter2"
    secret_key.join(database, [key_id(settings["TENANTRY_SECRET_KEY"])])
    assert caplog.messages == []
    secret_key.join(database, [key_id(other)])
    assert "TENANTRY_SECRET_KEY is not the key" in caplog.text
    assert told(settings) == (0, {})

    status, fixes = told(settings | {"TENANTRY_SECRET_KEY": other})
    assert (status, list(fixes)) == (1, ["secret key"])
    assert "set TENANTRY_SECRET_KEY_PREVIOUS to the previous key" in fixes["secret key"]
    assert "`tenantry secret-key adopt`" in fixes["secret key"]
    rotated = {
        "TENANTRY_SECRET_KEY": other,
        "TENANTRY_SECRET_KEY_PREVIOUS": settings["TENANTRY_SECRET_KEY"],
    }
    status, fixes = told(settings | rotated)
    assert "start the service, and the new key takes over" in fixes["secret key"]

    secret_key.join(database, [key_id(other), key_id(settings["TENANTRY_SECRET_KEY"])])
    assert told(settings | rotated) == (0, {})
    assert list(told(settings)[1]) == ["secret key"]


def test_keys_of_an_issuer_are_looked_at(settings: dict[str, str]) -> None:
    with issuer.running() as trusted:
        entry = {"issuer": "https://idp.example.com", "audience": "us"}
        jwks = {"jwks_uri": f"{trusted.url}/jwks.json"}
        settings |= {"TENANTRY_TRUSTED_ISSUERS": json.dumps([entry | jwks])}
        assert told(settings) == (0, {})

        trusted.status = 404
        assert "cannot be read from" in told(settings)[1]["issuers"]
        trusted.status, trusted.body = 200, b"<html>"
        assert "expected a JWK Set" in told(settings)[1]["issuers"]
        trusted.body = b'{"keys": []}'
        assert "lists no key for ES256, RS256" in told(settings)[1]["issuers"]
    status, fixes = told(settings)
    assert (status, list(fixes)) == (1, ["issuers"])
    assert "let this machine reach it" in fixes["issuers"]
