"""`tenantry operators`: add, list and remove."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from tenantry.api.application import Application
from tenantry.app import Parts, create_app
from tenantry.cli.main import app
from tenantry.http.service import Service
from tests.cli.commands import tenantry
from tests.cli.production import refusal
from tests.conftest import cheap_passwords
from tests.support.cast import Player, player
from tests.support.database.injected_failures import attempts, tripping
from tests.support.postgres import TestPostgres

DEMO = "demo@tenantry.test"


@asynccontextmanager
async def serving(parts: Parts, url: str) -> AsyncGenerator[Service]:
    """The parts of a service on another database."""
    made = create_app(replace(parts, database_url=url, passwords=cheap_passwords()))
    assert isinstance(made, Application)
    async with made.router.lifespan_context(made):
        yield made.service


@pytest.fixture
def people(postgres: TestPostgres, parts: Parts) -> tuple[str, Player, Player]:
    """A database with somebody whose address is proven, and somebody whose is not."""
    url = postgres.fresh_database().service

    async def made() -> tuple[Player, Player]:
        async with serving(parts, url) as service:
            return await player(service, "Nina"), await player(service, "Una", verified=False)

    return (url, *asyncio.run(made()))


def said(*arguments: str, url: str) -> str:
    """What a command prints that goes well."""
    result = CliRunner().invoke(app, ["operators", *arguments], env={"DATABASE_URL": url})
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def test_operators_come_are_shown_and_go(people: tuple[str, Player, Player]) -> None:
    url, nina, _ = people
    email = nina.actor.email

    assert said("list", url=url) == ""
    assert said("add", email.upper(), url=url) == f"{email} is an operator now.\n"
    assert said("add", email, url=url) == f"{email} is an operator already.\n"
    assert said("list", url=url).startswith(f"{email}  since 20")
    assert said("remove", email, url=url) == f"{email} is no longer an operator.\n"
    assert said("list", url=url) == ""


def test_each_refusal_says_what_to_do(people: tuple[str, Player, Player]) -> None:
    url, nina, una = people
    for act, email, fix in (
        ("add", una.actor.email, "let the user open the link"),
        ("add", "nobody@example.com", "let the user sign up first"),
        ("add", "nobody", "use one such as olga@example.com"),
        ("remove", nina.actor.email, "see `tenantry operators list`"),
        ("remove", "nobody@example.com", "see `tenantry operators list`"),
    ):
        assert fix in refusal("operators", act, email, settings={"DATABASE_URL": url})
    assert said("list", url=url) == ""


def test_a_database_without_its_schema_is_refused(postgres: TestPostgres) -> None:
    bare = postgres.fresh_database(migrated=False)
    said = refusal("operators", "list", settings={"DATABASE_URL": bare.service})
    assert "run `tenantry migrate`" in said


def test_in_development_the_embedded_database_is_meant(home: Path) -> None:
    settings = {"TENANTRY_HOME": str(home)}
    added = tenantry("operators", "add", DEMO, settings=settings)
    shown = tenantry("operators", "list", settings=settings)

    assert (added.returncode, added.stdout) == (0, f"{DEMO} is an operator now.\n"), added.stderr
    assert shown.stdout.startswith(DEMO)


def test_a_command_that_a_deadlock_undid_is_done_all_the_same(
    people: tuple[str, Player, Player],
) -> None:
    """Fails where the act of a command is not repeated."""
    url, nina, _ = people
    superuser = psycopg.connect(url, user="postgres", autocommit=True)
    with superuser as admin, tripping(admin, "account_events", 1):
        told = said("add", nina.actor.email, url=url)
        assert (told, attempts(admin)) == (f"{nina.actor.email} is an operator now.\n", 2)
