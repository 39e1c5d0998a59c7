"""`tenantry doctor`: checks everything that production needs, and changes nothing."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

import psycopg
from pydantic import SecretStr

from tenantry.cli import secret_key
from tenantry.cli.errors import CannotStart
from tenantry.cli.parts import pool, smtp, templates, trusted_issuers
from tenantry.cli.provision import existing_connections_of
from tenantry.cli.serving import preflight
from tenantry.credentials.tokens.issuers import Issuer, TrustedIssuer
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.embedded.server import EmbeddedError
from tenantry.platform.mail.model import DeliveryDeferred
from tenantry.postgres.pool.options import PoolOptions
from tenantry.settings import Settings, SettingsError

LARGEST_SKEW_SECONDS = 2.0

Check = Callable[[], str]
"""Returns what is ok in a few words; CannotStart says what is not, and how to fix it."""


def run(environment: Mapping[str, str]) -> bool:
    """Print a line for each check; whether all of them succeeded."""
    try:
        settings = Settings.load(environment)
    except SettingsError as broken:
        return _print_problem("settings", broken)
    well = [_check(name, look) for name, look in _settings_checks(settings)]
    with ExitStack() as stack:
        try:
            database_url = existing_connections_of(settings, stack).service
        except (CannotStart, EmbeddedError) as refused:
            return _print_problem("connection", refused)
        well.append(_check("connection", lambda: _connection(database_url)))
        if well[-1]:  # the other checks need it
            well += [_check(name, look) for name, look in _database_checks(settings, database_url)]
    return all(well)


def _settings_checks(settings: Settings) -> list[tuple[str, Check]]:
    def secret_key() -> str:
        preflight.ensure_secret_key(settings)
        preflight.ensure_database_named(settings)
        preflight.ensure_rate_limits(settings)
        return "valid and complete"

    return [
        ("settings", secret_key),
        ("base URL", lambda: _base_url(settings)),
        ("signing keys", lambda: _signing_keys(settings)),
        ("mail", lambda: _mail(settings)),
        ("emails", lambda: _templates(settings)),
        *([("issuers", lambda: _issuers(settings))] if settings.trusted_issuers else []),
    ]


def _database_checks(settings: Settings, url: str) -> list[tuple[str, Check]]:
    return [
        ("PostgreSQL", lambda: _checked(preflight.ensure_supported, url, "a supported version")),
        ("login", lambda: _login(url)),
        ("migrations", lambda: _checked(preflight.ensure_migrated, url, "all applied")),
        (
            "row security",
            lambda: _checked(preflight.ensure_row_security, url, "no rows without a tenant"),
        ),
        *([("secret key", lambda: _secret_key(settings, url))] if settings.secret_key else []),
        ("clock", lambda: _clock(url)),
        ("connections", lambda: _connections(url, pool(settings))),
    ]


def _check(name: str, look: Check) -> bool:
    try:
        print(f"ok    {name:<13} {look()}")
    except CannotStart as refused:
        return _print_problem(name, refused)
    except psycopg.Error as failed:
        why = " ".join(str(failed).split()).rstrip(".")
        return _print_problem(
            name, CannotStart(f"{why}. Start the database, or correct DATABASE_URL.")
        )
    return True


def _print_problem(name: str, refused: Exception) -> bool:
    print(f"FIX   {name:<13} {refused}")
    return False


def _checked(check: Callable[[str], None], url: str, result: str) -> str:
    check(url)
    return result


def _base_url(settings: Settings) -> str:
    preflight.ensure_base_url(settings)
    preflight.ensure_encrypted(settings)
    return settings.base_url or ""


def _signing_keys(settings: Settings) -> str:
    preflight.ensure_signing_keys(settings)
    keys = SigningKeys.load(
        settings.signing_keys.get_secret_value() if settings.signing_keys else ""
    )
    return f"{len(keys.by_kid)}; {keys.signing_kid} signs"


def _mail(settings: Settings) -> str:
    preflight.ensure_mail(settings)
    server = smtp(settings, settings.smtp_url or SecretStr(""), settings.base_url or "")
    try:
        asyncio.run(server.greet())
    except DeliveryDeferred as failed:
        raise CannotStart(
            f"The mail server refuses us ({failed}). Start it, or correct TENANTRY_SMTP_URL."
        ) from failed
    return "the server accepts us"


def _templates(settings: Settings) -> str:
    languages = templates(settings).languages.values()
    whose = "built-in" if settings.templates is None else "yours and built-in"
    return f"{whose}, in {', '.join(languages)}"


def _issuers(settings: Settings) -> str:
    counts = [asyncio.run(_count_keys(each)) for each in trusted_issuers(settings)]
    return f"{len(counts)} trusted, with {sum(counts)} usable keys"


async def _count_keys(trusted: TrustedIssuer) -> int:
    issuer, source = Issuer(trusted), trusted.jwks_uri or trusted.jwks_file
    try:
        count = await issuer.count_keys()
    except (OSError, ValueError) as failed:
        why = str(failed) or type(failed).__name__
        raise CannotStart(
            f"TENANTRY_TRUSTED_ISSUERS: the keys of {trusted.issuer} cannot be read from {source}"
            f" ({why}). Correct the address, or let this machine reach it."
        ) from failed
    finally:
        await issuer.close()
    if count == 0:
        raise CannotStart(
            f"TENANTRY_TRUSTED_ISSUERS: {source} lists no key for {', '.join(trusted.algorithms)}."
            f" Correct the address, or name the algorithms of {trusted.issuer}."
        )
    return count


def _connection(url: str) -> str:
    with psycopg.connect(url, connect_timeout=10) as connection:
        info = connection.info
        return f"{info.dbname} on PostgreSQL {info.parameter_status('server_version')}"


def _login(url: str) -> str:
    preflight.ensure_unprivileged(url)
    preflight.ensure_service_login(url)
    return "owns nothing and has the service's rights"


def _secret_key(settings: Settings, url: str) -> str:
    preflight.ensure_migrated(url)
    secret_key.ensure_in_use(settings, url)
    return "the one in use for this database"


def _clock(url: str) -> str:
    with psycopg.connect(url) as connection:
        before = time.time()
        row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
        after = time.time()
    there = row[0] if row else 0.0
    skew = max(before - there, there - after, 0.0)
    if skew > LARGEST_SKEW_SECONDS:
        raise CannotStart(
            f"This machine's clock and the database's are {skew:.0f} seconds apart: synchronize"
            " both with the same time server."
        )
    return "the same as the database's"


def _connections(url: str, options: PoolOptions) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select current_setting('max_connections')::int, pg_backend_pid()"
        ).fetchone()
        most, pid = row if row else (0, 0)
        through_pooler = pid != connection.info.backend_pid
    if not through_pooler and options.size >= most:
        raise CannotStart(
            f"TENANTRY_DB_POOL_SIZE is {options.size}, and the server allows {most} connections in"
            " all: lower it, or raise max_connections."
        )
    through = "; through a pooler" if through_pooler else ""
    return (
        f"{options.size} per process, {options.per_key} of them for one organization's"
        f" writes; the server allows {most}{through}"
    )
