"""`tenantry serve` refuses what would not be safe; each error says how to fix it, and no secret."""

import re
import socket
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tenantry.cli.provision import OWNER
from tenantry.cli.serving.dev_secrets import DEVELOPMENT_MARK
from tenantry.schema import SERVICE_ROLE
from tests.cli.commands import tenantry
from tests.cli.production import REFUSED, SIGNING_KEYS, TRY_AGAIN, refusal, whole
from tests.support.postgres import TestPostgres

DEPLOYING = Path(__file__).parents[2] / "docs" / "deploy.md"
NOWHERE = "postgresql://someone:hunter2@127.0.0.1:1/nothing"


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("TENANTRY_BASE_URL", "set it to the public address of this service"),
        ("TENANTRY_SIGNING_KEYS", "set it to an ES256 or RS256 private key, as PEM"),
        ("TENANTRY_SECRET_KEY", "set it to a random text of 32 characters or more"),
        ("TENANTRY_SMTP_URL", "set it to the mail server, such as smtp://"),
    ],
)
@pytest.mark.parametrize("absent", ["unset", "empty"])
def test_what_production_needs_is_asked_for(name: str, fix: str, absent: str) -> None:
    settings = whole(NOWHERE)
    if absent == "unset":
        del settings[name]
    else:
        settings[name] = ""
    said = refusal("serve", settings=settings)
    assert f"{name} is missing: {fix}" in said


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("TENANTRY_SECRET_KEY", f"{DEVELOPMENT_MARK}-Qm9uam91cg-hunter2"),
        ("TENANTRY_SIGNING_KEYS", f"# {DEVELOPMENT_MARK}\n{SIGNING_KEYS}"),
    ],
)
def test_keys_that_were_made_for_development_are_refused(name: str, made: str) -> None:
    said = refusal("serve", settings=whole(NOWHERE) | {name: made})
    assert f"{name} was generated for development: create another one." in said


@pytest.mark.parametrize(
    ("amiss", "said"),
    [
        ("hunter2", "no signing key given"),
        (
            "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
            "expected private keys",
        ),
        ('{"keys": []}', "no signing key given"),
    ],
)
def test_signing_keys_that_are_none_are_refused(amiss: str, said: str) -> None:
    settings = whole(NOWHERE) | {"TENANTRY_SIGNING_KEYS": amiss}
    refused = refusal("serve", settings=settings)
    assert f"TENANTRY_SIGNING_KEYS: {said}" in refused
    assert "Create one with `openssl" in refused


def test_a_broken_email_of_the_operators_own_is_refused_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "removed.j2").write_text("{% extends layout %}\n{% block subject %}")
    said = refusal("serve", settings=whole(NOWHERE) | {"TENANTRY_TEMPLATES": str(tmp_path)})
    assert "TENANTRY_TEMPLATES: en/removed.j2, line 2: " in said
    assert "Fix the file, or remove it to use ours." in said


@pytest.mark.parametrize(
    ("unset", "added", "fix"),
    [
        ("TENANTRY_MAIL_FROM", {}, "TENANTRY_SMTP_URL is set without TENANTRY_MAIL_FROM: set it"),
        (
            "DATABASE_URL",
            {"TENANTRY_MIGRATION_DATABASE_URL": NOWHERE},
            "TENANTRY_MIGRATION_DATABASE_URL is set without DATABASE_URL: set that",
        ),
    ],
)
def test_half_of_what_belongs_together_is_refused(
    unset: str, added: dict[str, str], fix: str
) -> None:
    settings = whole(NOWHERE) | added
    del settings[unset]
    assert fix in refusal("serve", settings=settings)


@pytest.mark.parametrize(
    ("amiss", "fix"),
    [
        ({"TENANTRY_BASE_URL": "http://tenantry.example.com"}, "TENANTRY_BASE_URL is not https"),
        ({"TENANTRY_BASE_URL": "http://8.8.8.8:8000"}, "TENANTRY_BASE_URL is not https"),
        (
            {"TENANTRY_LINK_INVITATION_URL": "http://app.example.com/join"},
            "TENANTRY_LINK_INVITATION_URL is not https",
        ),
        (
            {"TENANTRY_RATE_LIMITS": "off", "TENANTRY_HOST": "0.0.0.0"},
            "TENANTRY_RATE_LIMITS is off while TENANTRY_HOST lets other machines in",
        ),
        ({"TENANTRY_PROT": "9000"}, "TENANTRY_PROT is not a setting: did you mean TENANTRY_PORT?"),
    ],
)
def test_what_cannot_be_meant_in_production_is_refused(amiss: dict[str, str], fix: str) -> None:
    assert fix in refusal("serve", settings=whole(NOWHERE) | amiss)


@pytest.mark.parametrize("url", ["http://tenantry:8000", "http://10.0.0.7", "http://t.internal"])
def test_an_address_within_one_network_needs_no_tls(url: str) -> None:
    settings = whole(NOWHERE) | {"TENANTRY_BASE_URL": url}
    assert "The database cannot be reached" in refusal("serve", settings=settings, status=TRY_AGAIN)


def test_a_login_that_was_granted_nothing_is_told_of_the_grant(postgres: TestPostgres) -> None:
    made = postgres.fresh_database()
    with postgres.admin("postgres") as admin:
        admin.execute("create role forgotten login")
        try:
            url = make_conninfo(made.service, user="forgotten")
            for command in ("serve", "operators"):
                said = refusal(command, *["list"][: command == "operators"], settings=whole(url))
                assert "GRANT tenantry_service TO it" in said
                assert "behind this release" not in said
        finally:
            admin.execute("drop role forgotten")


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_that_is_away_is_refused(command: str) -> None:
    said = refusal(command, settings=whole(NOWHERE), status=TRY_AGAIN)
    assert "The database cannot be reached" in said
    assert "Start it, or correct DATABASE_URL" in said


def test_the_guides_unit_starts_again_what_may_heal_and_not_what_was_refused() -> None:
    unit = DEPLOYING.read_text()
    (final,) = re.findall(r"^RestartPreventExitStatus=(.*)$", unit, re.M)
    assert [int(status) for status in final.split()] == [REFUSED]
    assert "\nRestart=on-failure\n" in unit
    # systemd gives up after five starts in ten seconds, where neither of these says otherwise.
    assert "\nStartLimitIntervalSec=0\n" in unit
    assert re.search(r"^RestartSec=\d+$", unit, re.M)


def test_a_database_that_is_behind_is_refused_and_left_alone(postgres: TestPostgres) -> None:
    behind = postgres.fresh_database(migrated=False)
    said = refusal("serve", settings=whole(behind.service))
    assert "run `tenantry migrate` with TENANTRY_MIGRATION_DATABASE_URL" in said
    assert "or set TENANTRY_AUTO_MIGRATE=1" in said
    with psycopg.connect(behind.owner) as owner:
        assert owner.execute("select from pg_tables where schemaname = 'public'").fetchall() == []


@pytest.mark.parametrize("command", ["serve", "dev", "migrate", "doctor"])
def test_a_database_of_release_0_1_is_refused_with_what_to_do(
    command: str, postgres: TestPostgres, open_folder: Path
) -> None:
    old = postgres.fresh_database(migrated=False)
    with psycopg.connect(old.owner) as owner:
        owner.execute("create table schema_migrations (number int primary key)")
    home = {"TENANTRY_HOME": str(open_folder / "home"), "TENANTRY_PORT": "0"}
    of_dev = home | {"DATABASE_URL": old.owner}
    ended = tenantry(command, settings=of_dev if command == "dev" else whole(old.service))
    assert ended.returncode == (1 if command == "doctor" else REFUSED)
    assert "created by Tenantry 0.1, which has no upgrade path: use an empty database" in (
        " ".join((ended.stdout + ended.stderr).split())
    )


def test_migrating_as_a_login_that_may_not_is_refused(postgres: TestPostgres) -> None:
    behind = postgres.fresh_database(migrated=False)
    settings = whole(behind.service) | {"TENANTRY_AUTO_MIGRATE": "1"}
    assert "Make it the owner of the database" in refusal("serve", settings=settings)


@pytest.fixture
def harmful(request: pytest.FixtureRequest, postgres: TestPostgres) -> Generator[str]:
    """A database in order, and a login on it that row security would not bind."""
    made = postgres.fresh_database()
    creation: str = request.param
    with postgres.admin("postgres") as admin:
        admin.execute(creation.encode())
        admin.execute(f"grant {SERVICE_ROLE} to harmful".encode())
        yield make_conninfo(made.service, user="harmful")
        admin.execute("drop role harmful")


@pytest.mark.parametrize(
    "harmful",
    [
        "create role harmful login superuser",
        "create role harmful login bypassrls",
        f"create role harmful login in role {OWNER}",
    ],
    indirect=True,
)
def test_a_login_whom_row_security_would_not_bind_is_refused(harmful: str) -> None:
    said = refusal("serve", settings=whole(harmful))
    assert "CREATE ROLE … LOGIN, and GRANT tenantry_service TO it" in said


def test_the_owner_of_the_tables_is_refused(postgres: TestPostgres) -> None:
    said = refusal("serve", settings=whole(postgres.connections.owner))
    assert "to whom row security does not apply" in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken_is_refused(postgres: TestPostgres, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        settings = whole(postgres.connections.service) | {"TENANTRY_PORT": port}
        said = refusal("serve", f"--workers={workers}", settings=settings, status=TRY_AGAIN)
    assert "choose another port" in said


def test_malformed_settings_are_refused_all_at_once(tmp_path: Path) -> None:
    settings = whole(NOWHERE) | {"TENANTRY_PORT": "http", "TENANTRY_SIGN_UP": "hunter2"}
    said = refusal("serve", settings=settings)
    assert "TENANTRY_PORT: " in said
    assert "TENANTRY_SIGN_UP: " in said


def test_a_secret_whose_file_cannot_be_read_is_refused(tmp_path: Path) -> None:
    settings = whole(NOWHERE)
    del settings["TENANTRY_SECRET_KEY"]
    settings["TENANTRY_SECRET_KEY_FILE"] = str(tmp_path / "absent")
    said = refusal("serve", settings=settings)
    assert f"TENANTRY_SECRET_KEY_FILE: {tmp_path / 'absent'} cannot be read as text" in said
    assert "or set TENANTRY_SECRET_KEY." in said
