"""The check of the invariants names every violation, and finds none where there is none."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from tenantry.app import Parts
from tenantry.kit.secrets import Secret
from tests.support.database.exposure import readable_secrets
from tests.support.database.invariants import INVARIANTS, faults
from tests.support.database.violations import ADMIN_OF_ACME, I2, VIOLATIONS
from tests.support.postgres import TestPostgres
from tests.support.scenarios.populated import Populated, populated


@pytest.fixture(scope="module")
async def lived_in(
    postgres: TestPostgres, parts: Parts, mailbox: Path
) -> AsyncGenerator[Populated]:
    async with populated(postgres, parts, mailbox) as made:
        yield made


def broken_by(lived_in: Populated, statements: str, **named: str) -> list[str]:
    """What the check says during the violation; it is undone at once."""
    admin, names = lived_in.admin, {**lived_in.names, **named}
    with admin.transaction(force_rollback=True):
        admin.execute("set local session_replication_role = replica")
        for statement in statements.split(";"):
            admin.execute(statement.encode(), names)
        return faults(admin, lived_in.secrets)


def test_nothing_is_broken_where_people_have_lived(lived_in: Populated) -> None:
    assert faults(lived_in.admin, lived_in.secrets) == []


@pytest.mark.parametrize(("invariant", "violation"), VIOLATIONS)
def test_a_violation_is_named(lived_in: Populated, invariant: str, violation: str) -> None:
    assert any(fault.startswith(f"{invariant}: ") for fault in broken_by(lived_in, violation))


def test_every_invariant_has_its_violation() -> None:
    assert {invariant for invariant, _ in VIOLATIONS} == INVARIANTS.keys()


def test_faults_of_others_can_be_passed_over(lived_in: Populated) -> None:
    admin, names = lived_in.admin, lived_in.names
    with admin.transaction(force_rollback=True):
        admin.execute(f"update memberships set status = 'suspended' {ADMIN_OF_ACME}", names)
        assert faults(admin, about=[names["bobs"]]) == []
        assert faults(admin, about=[names["acme"]]) == [f"{I2}: {names['acme']}"]


READABLE = [
    ("users.name", "update users set name = %(password)s"),
    ("users.password_hash", "update users set password_hash = %(password)s"),
    ("roles.permissions", "update roles set permissions = array['x', %(password)s]"),
    ("events.changes", "update events set changes = jsonb_build_array(%(secret)s::text)"),
    (
        "refresh_tokens.digest",
        """
        insert into refresh_tokens (digest, session_id, created_at)
        values (convert_to(%(secret)s, 'UTF8'), %(other)s, now())
        """,
    ),
    # Of these the check is told nothing: it knows them by their form.
    (
        "organizations.metadata",
        "update organizations set metadata = jsonb_build_object('k', %(unknown)s::text)",
    ),
    ("workspaces.description", "update workspaces set description = '?token=' || %(unknown)s"),
    (
        "idempotency_keys.body",
        """
        insert into idempotency_keys (user_id, key, fingerprint, created_at, body)
        values (%(dave)s, 'key', '', now(), convert_to('"' || %(unknown)s || '"', 'UTF8'))
        """,
    ),
    ("account_events.request_id", "update account_events set request_id = %(jwt)s"),
]


@pytest.mark.parametrize(("place", "violation"), READABLE)
def test_a_secret_that_can_be_read_is_found(
    lived_in: Populated, place: str, violation: str
) -> None:
    unknown = {"unknown": Secret.new().text, "jwt": lived_in.cast.bob.token}
    assert f"I10 a secret can be read in {place}" in broken_by(lived_in, violation, **unknown)


@pytest.mark.parametrize(("place", "violation"), READABLE)
def test_a_secret_that_was_written_since_is_found_and_what_lay_there_is_passed_over(
    lived_in: Populated, place: str, violation: str
) -> None:
    admin, unknown = lived_in.admin, {"unknown": Secret.new().text, "jwt": lived_in.cast.bob.token}
    (now,) = admin.execute("select pg_current_xact_id()::text::bigint").fetchall()[0]
    found = f"I10 a secret can be read in {place}"
    with admin.transaction(force_rollback=True):
        admin.execute("set local session_replication_role = replica")
        admin.execute(violation.encode(), {**lived_in.names, **unknown})
        assert found in readable_secrets(admin, lived_in.secrets, now)
        assert found not in readable_secrets(admin, lived_in.secrets, now + 1_000_000)


def test_a_secret_is_found_however_a_column_would_escape_it(lived_in: Populated) -> None:
    secret = 'größer "als" \\ gedacht'
    knowing = replace(lived_in, secrets=[secret])
    for place, violation in READABLE[:5]:
        found = broken_by(knowing, violation, password=secret)
        assert f"I10 a secret can be read in {place}" in found


def test_a_password_that_is_not_hashed_is_found(lived_in: Populated) -> None:
    violation = "update users set password_hash = 'md5' where id = %(dave)s"
    found = broken_by(lived_in, violation)
    assert found == [f"I10 a password is not hashed: {lived_in.names['dave']}"]


@pytest.mark.parametrize(
    ("table", "violation"),
    [
        ("workspaces", "alter table workspaces disable row level security"),
        ("roles", "create policy hole on roles for select to tenantry_service using (true)"),
        (
            "events",
            """
            create policy hole on events
             using (coalesce(current_setting('tenantry.org_id', true), '') = '')
            """,
        ),
        (
            "notes",
            """
            create table notes as select org_id, name from organizations;
            grant select on notes to tenantry_service
            """,
        ),
    ],
)
def test_a_hole_in_the_second_wall_is_found(
    lived_in: Populated, table: str, violation: str
) -> None:
    assert f"I11 tenantry sees foreign rows of {table}" in broken_by(lived_in, violation)
