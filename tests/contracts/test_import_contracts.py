"""The import contracts hold, and each of them sees what it forbids."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.support.processes import CEILING

ROOT = Path(__file__).parents[2]

# Where an import is written that must not be, and which contract has to say so.
PLANTED: list[tuple[str, str, str]] = [
    ("layers", "app.py", "tenantry.cli.serving.demo"),
    ("layers", "http/response.py", "tenantry.api.schemas.paging"),
    ("layers", "api/v1/identity/me.py", "tenantry.console.rendering"),
    ("layers", "console/rendering.py", "tenantry.worker.email_worker"),
    ("layers", "worker/email_worker.py", "tenantry.api.schemas.paging"),
    ("layers", "identity/accounts/sign_up.py", "tenantry.tenancy.invitations.model"),
    ("layers", "authz/roles/store.py", "tenantry.identity.sessions.model"),
    ("layers", "authz/visibility.py", "tenantry.authz.authorization"),
    ("layers", "kit/page.py", "tenantry.platform.audit.model"),
    ("layers", "postgres/pool/options.py", "tenantry.kit.page"),
    ("layers", "embedded/log.py", "tenantry.postgres.failures"),
    ("layers", "embedded/errors.py", "tenantry.settings"),
    ("inside", "identity/users/store.py", "tenantry.identity.users.actions"),
    ("inside", "identity/accounts/emails.py", "tenantry.identity.accounts.sign_up"),
    ("inside", "tenancy/invitations/store.py", "tenantry.tenancy.invitations.accept"),
    ("inside", "tenancy/invitations/model.py", "tenantry.tenancy.invitations.emails"),
    ("purity", "tenancy/memberships/model.py", "asyncio"),
    ("purity", "tenancy/organizations/model.py", "logging"),
    ("purity", "identity/sessions/rules.py", "tenantry.postgres.database"),
    ("web", "tenancy/organizations/actions.py", "starlette"),
    ("web", "platform/mail/transports.py", "uvicorn"),
    ("web", "postgres/migrator.py", "fastapi"),
    ("sql", "api/v1/identity/me.py", "tenantry.postgres.statement"),
    ("sql", "authz/roles/actions.py", "tenantry.postgres.statement"),
    ("driver", "tenancy/workspaces/store.py", "psycopg"),
    ("driver", "platform/secret_keys.py", "psycopg"),
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


def test_every_module_has_its_layer_and_its_order_inside() -> None:
    areas = ("tenancy", "identity", "authz", "credentials", "platform")
    modules = {
        ".".join(path.parent.relative_to(ROOT / "src").parts)
        for area in areas
        for path in (ROOT / "src" / "tenantry" / area).glob("*/__init__.py")
    }
    assert modules <= {each for each in _listed("layers", "layers") if each != "|"}
    assert _listed("inside", "containers") == modules - {"tenantry.credentials.tokens"}


def test_only_a_module_itself_imports_its_store_and_its_rules() -> None:
    foreign = [
        f"{path.relative_to(ROOT)}: {imported}"
        for path in (ROOT / "src" / "tenantry").rglob("*.py")
        for imported in _imported(path)
        if re.fullmatch(r"tenantry\.\w+\.\w+\.(\w+_)?(store|rules)", imported)
        and not _dotted(path).startswith(imported.rpartition(".")[0])
    ]
    assert foreign == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def _listed(contract: str, option: str) -> set[str]:
    return set(CONTRACTS[contract].get(option, "").split())
