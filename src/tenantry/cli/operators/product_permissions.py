"""Product permissions from a file, declared at startup."""

import tomllib
from pathlib import Path
from typing import Any, cast

from tenantry.authz.builtin_permissions import is_product_permission
from tenantry.authz.permissions import actions as permissions
from tenantry.cli import transactions
from tenantry.cli.errors import CannotStart
from tenantry.http import strict_json
from tenantry.kit.limits import LimitReached
from tenantry.kit.text import is_plain
from tenantry.settings import Settings

_SETTING = "TENANTRY_PERMISSIONS"
_LONGEST = 500


def declare(settings: Settings, database_url: str) -> None:
    """Declare the permissions of the file, if one is set. CannotStart."""
    if settings.permissions is None:
        return
    described = read(settings.permissions)
    try:
        transactions.run(database_url, lambda tx: permissions.declare_all(tx, described))
    except LimitReached:
        raise CannotStart(
            f"{_SETTING}: {settings.permissions} and the declared permissions together exceed the"
            " limit. Remove some."
        ) from None


def read(path: Path) -> dict[str, str]:
    """Names and descriptions from a JSON or TOML file. CannotStart."""
    try:
        text = path.read_bytes()
        found: Any = (
            tomllib.loads(text.decode()) if path.suffix == ".toml" else strict_json.loads(text)
        )
    except (OSError, ValueError, strict_json.MalformedJson) as broken:
        raise CannotStart(
            f"{_SETTING}: {path} cannot be read as JSON, or as TOML if its name ends in .toml."
            ' Use names and descriptions, such as {"invoice:read": "See invoices."}.'
        ) from broken
    if not isinstance(found, dict):
        raise CannotStart(f"{_SETTING}: {path} must map names to descriptions.")
    for name, description in cast(dict[str, Any], found).items():
        _ensure_valid(path, name, description)
    return cast(dict[str, str], found)


def _ensure_valid(path: Path, name: str, description: Any) -> None:
    if not is_product_permission(name):
        raise CannotStart(
            f"{_SETTING}: {path} names {name[:100]!r}: a permission is noun:verb in lowercase,"
            " such as invoice:read, and its noun is not one of Tenantry's own."
        )
    if not isinstance(description, str) or len(description) > _LONGEST or not is_plain(description):
        raise CannotStart(
            f"{_SETTING}: {path} must describe {name} in up to {_LONGEST} characters."
        )
