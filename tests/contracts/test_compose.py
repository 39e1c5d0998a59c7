"""The compose file of docs/deploy.md: it can be parsed, and its logins are enough."""

import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from tenantry.cli.serving.preflight import NEWEST
from tenantry.embedded.server import EmbeddedServer, start
from tenantry.settings import Settings
from tests.support.postgres import bindirs

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "compose.yaml").read_text()
GUIDE = (ROOT / "docs/deploy.md").read_text()
COMPOSE = cast(dict[str, Any], yaml.safe_load(FILE))
SERVICES = cast(dict[str, dict[str, Any]], COMPOSE["services"])
PASSWORDS = {"OWNER_PASSWORD": "owners", "SERVICE_PASSWORD": "services"}


def written(line: str) -> str:
    """The one block of the guide in which a line begins so."""
    (block,) = [
        block
        for block in re.findall(r"^```sh\n(.*?)^```", GUIDE, re.M | re.S)
        if re.search(f"^{line}", block, re.M)
    ]
    return block


def test_each_service_starts_after_one_that_is_there_and_from_an_image_that_is_there() -> None:
    built = [each["image"] for each in SERVICES.values() if "build" in each]
    for service in SERVICES.values():
        conditions = {"db": "service_healthy"}
        for name, wait in service.get("depends_on", {}).items():
            assert name in SERVICES
            assert wait["condition"] == conditions.get(name, "service_completed_successfully")
        assert service["image"] in built or service["image"].startswith("docker.io/library/")
    (build,) = [each["build"] for each in SERVICES.values() if "build" in each]
    assert (ROOT / build["context"] / build["dockerfile"]).exists()
    assert set(SERVICES["tenantry"]["secrets"]) == set(COMPOSE["secrets"])


def test_the_service_is_told_nothing_but_settings_and_all_that_it_must_know() -> None:
    aliases = {field.alias for field in Settings.model_fields.values()}
    known = aliases | {f"{alias}_FILE" for alias in aliases}
    for name in ("migrate", "tenantry"):
        assert SERVICES[name]["environment"].keys() <= known
    needed = set(re.findall(r"^(\w+)=", written("TENANTRY_SIGNING_KEYS_FILE="), re.M))
    assert SERVICES["tenantry"]["environment"].keys() == needed


def test_the_guide_names_every_variable_that_must_be_written_down() -> None:
    needed = set(re.findall(r"^(\w+)=", written("POSTGRES_PASSWORD="), re.M))
    assert set(re.findall(r"(?<!\$)\$\{(\w+)", FILE)) == needed
    for secret in COMPOSE["secrets"].values():
        assert Path(secret["file"]).name in GUIDE


@pytest.fixture
def server(tmp_path: Path) -> Generator[EmbeddedServer]:
    """A server that has nothing of ours yet."""
    server = start(tmp_path / "home", bindir=bindirs()[NEWEST])
    yield server
    server.stop()


def test_its_logins_are_enough_to_migrate_and_to_serve(server: EmbeddedServer) -> None:
    """Twice, as with every `compose up`."""
    superuser = conninfo_to_dict(server.dsn("postgres", "postgres"))
    login = {"PGHOST": str(superuser["host"]), "PGPORT": str(superuser["port"])}
    path = f"{bindirs()[NEWEST]}:{os.environ['PATH']}"
    service = SERVICES["logins"]
    command = [*service["entrypoint"], service["command"][0].replace("$$", "$")]
    for _ in range(2):
        environment = {"PATH": path, "PGUSER": "postgres", **login, **PASSWORDS}
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)

    urls = {
        "DATABASE_URL": server.dsn("tenantry", "tenantry"),
        "TENANTRY_MIGRATION_DATABASE_URL": server.dsn("tenantry_owner", "tenantry"),
    }
    _, *arguments = SERVICES["migrate"]["command"]
    migrate = [sys.executable, "-m", "tenantry", *arguments]
    subprocess.run(migrate, env={"PATH": path, **urls}, check=True, capture_output=True)
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("select count(*) from organizations").fetchone() == (0,)
    with psycopg.connect(server.dsn("postgres", "postgres")) as admin:
        kept = admin.execute(
            "select count(*) from pg_authid where rolname in ('tenantry', 'tenantry_owner')"
            " and rolpassword is not null"
        )
        assert kept.fetchone() == (2,)
