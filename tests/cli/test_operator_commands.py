"""`tenantry users` and `tenantry organizations`: by an operator who is named, with a reason."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner, Result

from tenantry.app import Parts
from tenantry.cli.main import app
from tenantry.kit.secrets import key_id
from tenantry.platform import secret_keys
from tenantry.tenancy.organizations.actions import CreatedOrganization
from tests.cli.test_operators import serving
from tests.support.cast import Player, found, join, operator, player
from tests.support.postgres import TestPostgres

SECRET = "a secret key for tests that is long enough"
WHY = "Asked by phone"


@dataclass(frozen=True)
class Service:
    """A database with Olga who operates, Alice who is Acme's only Admin, and Vera its Viewer."""

    url: str
    admin: psycopg.Connection[Any]
    olga: Player
    alice: Player
    vera: Player
    acme: CreatedOrganization

    def call(self, *arguments: str, by: str = "", **options: Any) -> Result:
        """What a command does, with a reason, in the name of Olga or of somebody else."""
        named = ["--as", by or self.olga.actor.email, "--reason", WHY]
        env = {"DATABASE_URL": self.url, "TENANTRY_SECRET_KEY": SECRET}
        return CliRunner().invoke(app, [*arguments, *named], env=env, **options)

    def done(self, *arguments: str, **options: Any) -> str:
        """What a command says that goes well."""
        result = self.call(*arguments, **options)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: str, by: str = "") -> str:
        """What is said of a command that is refused."""
        result = self.call(*arguments, by=by)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        return result.stderr

    def one(self, query: str, *values: object) -> Any:
        """The one value that a query finds."""
        row = self.admin.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]

    def actors(self, action: str) -> list[tuple[str, UUID]]:
        """Who did this in Acme."""
        query = b"select actor_type, actor_id from events where org_id = %s and action = %s"
        return self.admin.execute(query, [self.acme.organization.id, action]).fetchall()


@pytest.fixture
def service(postgres: TestPostgres, parts: Parts) -> Generator[Service]:
    url = postgres.fresh_database().service

    async def made() -> tuple[Player, Player, Player, CreatedOrganization]:
        async with serving(parts, url) as service:
            olga, alice = await operator(service, "Olga"), await player(service, "Alice")
            acme = await found(service, alice, "Acme")
            vera = await join(service, await player(service, "Vera"), acme, "viewer")
            async with service.database.transaction() as (tx, _):
                await secret_keys.adopt(tx, [key_id(SECRET)], even_if_unknown=True)
            return olga, alice, vera, acme

    people = asyncio.run(made())
    with psycopg.connect(url, user="postgres", autocommit=True) as admin:
        yield Service(url, admin, *people)


def test_a_person_is_signed_out_disabled_enabled_and_deleted(service: Service) -> None:
    email, user_id = service.vera.actor.email, service.vera.actor.id
    live = "select count(*) from sessions where user_id = %s and ended_at is null"

    assert service.one(live, user_id) == 1
    assert service.done("users", "end-sessions", email.upper()) == (
        f"{email} is signed out everywhere.\n"
    )
    assert service.one(live, user_id) == 0
    assert service.done("users", "disable", email) == f"{email} is disabled.\n"
    assert service.one("select disabled_at is not null from users where id = %s", user_id)
    assert service.done("users", "enable", email) == f"{email} is enabled.\n"

    kept = service.call("users", "delete", email, input="n\n")
    assert (kept.exit_code, "for good?" in kept.output) == (1, True)
    assert service.one("select count(*) from users where id = %s", user_id) == 1
    assert service.done("users", "delete", email, "--yes") == f"{email} is deleted.\n"
    assert service.one("select count(*) from users where id = %s", user_id) == 0
    told = "select array_agg(actor_id order by id) from account_events where user_id = %s and %s"
    by = service.one(told.replace("%s and %s", "%s and actor_id is not null"), user_id)
    assert by == [service.olga.actor.id] * 4
    assert service.actors("member.removed") == [("operator", service.olga.actor.id)]


def test_an_organization_is_disabled_enabled_deleted_and_restored(service: Service) -> None:
    acme = service.acme.organization
    assert service.done("organizations", "disable", acme.slug) == f"{acme.slug} is disabled.\n"
    assert service.done("organizations", "enable", acme.slug) == f"{acme.slug} is enabled.\n"
    said = service.done("organizations", "delete", acme.slug)
    assert said.startswith(f"{acme.slug} is deleted.")
    assert service.done("organizations", "restore", acme.slug) == f"{acme.slug} is restored.\n"
    for action in ("disabled", "enabled", "deleted", "restored"):
        by = [("operator", service.olga.actor.id)]
        assert service.actors(f"organization.{action}") == by, action


def test_an_orphan_is_given_an_admin_and_the_email_waits_for_the_service(service: Service) -> None:
    slug, alice, vera = service.acme.organization.slug, service.alice, service.vera.actor.email
    said = service.refused("users", "disable", alice.actor.email)
    assert f"the only Admin of {slug}" in said
    assert "has an Admin" in service.refused("organizations", "name-admin", slug, vera)
    service.done("users", "disable", alice.actor.email, "--orphan-organizations")

    named = service.done("organizations", "name-admin", slug, vera)

    assert named == f"{vera} is now an Admin of {slug}.\n"
    assert service.actors("organization.admin_named") == [("operator", service.olga.actor.id)]
    queued = "select count(*) from emails where recipient = %s and state = 'queued' and key_id = %s"
    assert service.one(queued, vera, key_id(SECRET)) == 1


def test_each_refusal_says_what_to_do(service: Service) -> None:
    vera, slug = service.vera.actor.email, service.acme.organization.slug
    personal = service.one(
        "select slug from organizations where org_id = %s", service.vera.personal_id
    )
    for arguments, fix in (
        (["users", "enable", "nobody@example.com"], "has no account: check"),
        (["users", "enable", "nobody"], "use one such as olga@example.com"),
        (["users", "disable", service.olga.actor.email], "Ask another operator"),
        (["organizations", "delete", "no-such"], "name it by its slug or its id"),
        (["organizations", "delete", "org_" + "0" * 26], "name it by its slug or its id"),
        (["organizations", "delete", personal], "stays with its owner"),
        (["organizations", "name-admin", slug, "nobody@example.com"], "No account has this"),
    ):
        assert fix in service.refused(*arguments), arguments
    assert "is not an operator" in service.refused("users", "enable", vera, by=vera)
    for reason in ("", "\u200b\u3164", "x" * 501, "two\nlines"):
        command = ["users", "enable", vera, "--as", service.olga.actor.email, "--reason", reason]
        result = CliRunner().invoke(app, command, env={"DATABASE_URL": service.url})
        assert (result.exit_code, "one line of 1 to 500" in result.stderr) == (2, True)


def test_without_the_service_s_key_no_email_is_left_that_no_one_can_open(service: Service) -> None:
    command = ["organizations", "name-admin", service.acme.organization.slug, "v@example.com"]
    named = ["--as", service.olga.actor.email, "--reason", WHY]
    for key, said in (("", "TENANTRY_SECRET_KEY"), ("x" * 40, "is not the key")):
        env = {"DATABASE_URL": service.url, **({"TENANTRY_SECRET_KEY": key} if key else {})}
        result = CliRunner().invoke(app, [*command, *named], env=env)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
