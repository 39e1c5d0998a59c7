"""The import contracts hold, and each of them sees what it forbids."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.processes import CEILING

ROOT = Path(__file__).parents[2]
DOORS = {"api", "console", "jobs", "cli", "web"}

# Where an import is written that must not be, and which contract has to say so.
PLANTED: list[tuple[str, str, str]] = [
    ("floors", "app.py", "tenantry.cli.serving.banner"),
    ("floors", "web/replies.py", "tenantry.http.encoding"),
    ("floors", "api/me.py", "tenantry.console.rendering"),
    ("floors", "console/pages.py", "tenantry.worker.email_worker"),
    ("floors", "jobs/worker.py", "tenantry.http.encoding"),
    ("floors", "accounts/actions.py", "tenantry.tenancy.invitations.model"),
    ("floors", "roles/store.py", "tenantry.identity.sessions.model"),
    ("floors", "database/lines.py", "tenantry.authz.builtin_permissions"),
    ("rooms", "users/store.py", "tenantry.identity.users.actions"),
    ("rooms", "accounts/letters.py", "tenantry.identity.accounts.actions"),
    ("rooms", "invitations/actions.py", "tenantry.tenancy.invitations.acceptance"),
    ("rooms", "invitations/model.py", "tenantry.tenancy.invitations.emails"),
    ("purity", "memberships/model.py", "asyncio"),
    ("purity", "organizations/model.py", "logging"),
    ("purity", "sessions/rules.py", "tenantry.postgres.database"),
    ("web", "organizations/actions.py", "starlette"),
    ("web", "mail/carriers.py", "uvicorn"),
    ("web", "database/migrator.py", "fastapi"),
    ("sql", "api/me.py", "tenantry.postgres.statement"),
    ("sql", "roles/actions.py", "tenantry.postgres.statement"),
    ("driver", "api/me.py", "psycopg"),
    ("driver", "workspaces/store.py", "psycopg"),
    ("accounts", "api/auth.py", "tenantry.identity.accounts.store"),
    ("accounts", "departures/actions.py", "tenantry.identity.accounts.rules"),
    ("api_keys", "api/api_keys.py", "tenantry.credentials.api_keys.store"),
    ("api_keys", "departures/actions.py", "tenantry.credentials.api_keys.rules"),
    ("service_accounts", "api_keys/actions.py", "tenantry.credentials.service_accounts.store"),
    ("service_accounts", "api/service_accounts.py", "tenantry.credentials.service_accounts.rules"),
    ("service_keys", "api/service_keys.py", "tenantry.credentials.service_keys.store"),
    ("checks", "api/checks.py", "tenantry.authz.decisions.store"),
    ("checks", "api/holdings.py", "tenantry.authz.decisions.rules"),
    ("events", "api/events.py", "tenantry.platform.audit.store"),
    ("events", "erasures/actions.py", "tenantry.platform.audit.rules"),
    ("erasures", "departures/deletion.py", "tenantry.identity.erasures.store"),
    ("idempotency", "api/idempotency.py", "tenantry.platform.idempotency.store"),
    ("identities", "accounts/admission.py", "tenantry.identity.federation.store"),
    ("identities", "departures/actions.py", "tenantry.identity.federation.rules"),
    ("invitations", "api/invitations.py", "tenantry.tenancy.invitations.store"),
    ("invitations", "console/invitation.py", "tenantry.tenancy.invitations.rules"),
    ("mail", "jobs/worker.py", "tenantry.platform.mail.store"),
    ("memberships", "api/members.py", "tenantry.tenancy.memberships.store"),
    ("memberships", "departures/actions.py", "tenantry.tenancy.memberships.rules"),
    ("organizations", "api/organizations.py", "tenantry.tenancy.organizations.store"),
    ("permissions", "roles/actions.py", "tenantry.authz.permissions.store"),
    ("permissions", "api/permissions.py", "tenantry.authz.permissions.rules"),
    ("rates", "accounts/actions.py", "tenantry.platform.rate_limits.store"),
    ("rates", "web/metering.py", "tenantry.platform.rate_limits.rules"),
    ("roles", "invitations/actions.py", "tenantry.authz.roles.store"),
    ("sessions", "api/me.py", "tenantry.identity.sessions.store"),
    ("sessions", "accounts/actions.py", "tenantry.identity.sessions.rules"),
    ("operators", "api/operator.py", "tenantry.identity.operators.store"),
    ("operators", "accounts/standing.py", "tenantry.identity.operators.rules"),
    ("organizations", "api/operator.py", "tenantry.tenancy.organizations.operator_store"),
    ("users", "accounts/actions.py", "tenantry.identity.users.store"),
    ("workspaces", "api/workspaces.py", "tenantry.tenancy.workspaces.store"),
]


def _contracts() -> dict[str, dict[str, str]]:
    """The contracts by their short names."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): dict(config[section])
        for section in config.sections()
        if section.startswith(prefix)
    }


CONTRACTS = _contracts()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source, to be broken."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def _linted(folder: Path) -> dict[str, str]:
    """What is told of each broken contract, by its short name."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "500"},
        capture_output=True,
        text=True,
        timeout=CEILING,
        check=False,
    )
    told = done.stdout.partition("Broken contracts\n")[2]
    parts = re.split(r"^(.+)\n-+\n", told, flags=re.M)
    names = {contract["name"]: short for short, contract in CONTRACTS.items()}
    broken = {names[name]: text for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    assert (done.returncode == 0) == (not broken), done.stdout + done.stderr
    return broken


def _planted(copy: Path) -> Iterator[tuple[str, str]]:
    """Writes the imports into the copy; of each, its contract and how it is told of."""
    for contract, file, imported in PLANTED:
        path = copy / "src" / "tenantry" / file
        lines = [*path.read_text().splitlines(), f"import {imported}"]
        path.write_text("\n".join(lines) + "\n")
        importer = "tenantry." + file.removesuffix(".py").replace("/", ".")
        yield contract, f"{importer} -> {imported} (l.{len(lines)})"


def test_the_house_keeps_its_contracts() -> None:
    assert _linted(ROOT) == {}


def test_every_contract_sees_what_it_forbids_and_nothing_else_does(copy: Path) -> None:
    planted = list(_planted(copy))
    told = _linted(copy)

    assert {contract for contract, _ in planted} == CONTRACTS.keys()
    seen = [[short for short, text in told.items() if sentence in text] for _, sentence in planted]
    assert seen == [[contract] for contract, _ in planted]


def test_a_folder_that_has_no_floor_is_told_of(copy: Path) -> None:
    added = copy / "src" / "tenantry" / "parcels"
    added.mkdir()
    (added / "__init__.py").write_text("")
    assert "tenantry.parcels" in _linted(copy)["floors"]


def test_every_room_is_bound_by_the_contracts_of_rooms() -> None:
    source = ROOT / "src" / "tenantry"
    folders = {path.parent.name for path in source.glob("*/__init__.py")}
    rooms = {path.parent.name for path in source.glob("*/actions.py")}
    assert _listed("web", "source_modules") >= {f"tenantry.{each}" for each in folders - DOORS}
    assert _listed("rooms", "containers") == {f"tenantry.{each}" for each in rooms}


def test_every_store_and_every_rule_is_protected() -> None:
    source = ROOT / "src" / "tenantry"
    own = {
        f"tenantry.{path.parent.name}.{path.stem}"
        for name in ("store", "rules")
        for path in source.glob(f"*/{name}.py")
    }
    protected = {
        module
        for short in CONTRACTS
        for module in _listed(short, "protected_modules")
        if module.endswith((".store", ".rules"))
    }
    assert protected == own


def _listed(contract: str, option: str) -> set[str]:
    return set(CONTRACTS[contract].get(option, "").split())
