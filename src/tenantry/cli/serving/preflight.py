"""Checks of settings and database before production starts; each error says how to fix it."""

from collections.abc import Callable
from typing import LiteralString

import psycopg
from psycopg import sql
from pydantic import SecretStr

from tenantry.cli.errors import CannotStart
from tenantry.cli.serving import dev_secrets
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.addresses import is_loopback, is_private_or_encrypted
from tenantry.postgres.migrator import APPLIED
from tenantry.schema import OF_0_1, SCHEMA, SERVICE_ROLE, is_of_0_1
from tenantry.settings import Settings

OLDEST, NEWEST = 15, 18

Check = Callable[[Settings], None]


def ensure_base_url(settings: Settings) -> None:
    _ensure_set("TENANTRY_BASE_URL", settings.base_url, "the public address of this service")


def ensure_signing_keys(settings: Settings) -> None:
    """CannotStart if signing keys are missing, invalid, or for development."""
    keys = settings.signing_keys
    _ensure_set("TENANTRY_SIGNING_KEYS", keys, "an ES256 or RS256 private key, as PEM")
    _ensure_for_production("TENANTRY_SIGNING_KEYS", keys)
    try:
        SigningKeys.load(keys.get_secret_value() if keys else "")
    except ValueError as broken:
        raise CannotStart(
            f"TENANTRY_SIGNING_KEYS: {broken}. Create one with `openssl genpkey -algorithm EC"
            " -pkeyopt ec_paramgen_curve:P-256`."
        ) from None


def ensure_secret_key(settings: Settings) -> None:
    key = settings.secret_key
    _ensure_set("TENANTRY_SECRET_KEY", key, "a random text of 32 characters or more")
    _ensure_for_production("TENANTRY_SECRET_KEY", key)


def ensure_mail(settings: Settings) -> None:
    example = "the mail server, such as smtp://user:pw@host"
    _ensure_set("TENANTRY_SMTP_URL", settings.smtp_url, example)
    if "mail_from" not in settings.model_fields_set:
        raise CannotStart(
            "TENANTRY_SMTP_URL is set without TENANTRY_MAIL_FROM: set it to the sender of emails,"
            " such as Acme <no-reply@acme.example>."
        )


def ensure_database_named(settings: Settings) -> None:
    """CannotStart if the owner's connection is set without the service's."""
    if settings.migration_database_url is not None and settings.database_url is None:
        raise CannotStart(
            "TENANTRY_MIGRATION_DATABASE_URL is set without DATABASE_URL: set that to the same"
            " database, with a login that owns nothing."
        )


def ensure_encrypted(settings: Settings) -> None:
    """CannotStart if a public address has no TLS."""
    for name, url in settings.public_addresses().items():
        if not is_private_or_encrypted(url):
            raise CannotStart(
                f"{name} is not https: tokens and passwords would not be encrypted. Put a proxy"
                " with TLS in front, and set its address."
            )


def ensure_rate_limits(settings: Settings) -> None:
    """CannotStart if other machines could try passwords without rate limits."""
    if settings.rate_limits == "off" and not is_loopback(settings.host):
        raise CannotStart(
            "TENANTRY_RATE_LIMITS is off while TENANTRY_HOST lets other machines in: unset it, or"
            " set TENANTRY_HOST to 127.0.0.1 for measurements."
        )


CHECKS: tuple[Check, ...] = (
    ensure_base_url,
    ensure_signing_keys,
    ensure_secret_key,
    ensure_mail,
    ensure_database_named,
    ensure_encrypted,
    ensure_rate_limits,
)


def ensure_complete(settings: Settings) -> None:
    for check in CHECKS:
        check(settings)


def ensure_supported(database_url: str) -> None:
    """CannotStart if this release does not support the version of PostgreSQL."""
    with psycopg.connect(database_url) as connection:
        major = connection.info.server_version // 10000
    if not OLDEST <= major <= NEWEST:
        raise CannotStart(
            f"PostgreSQL {major} is not supported: use a version from {OLDEST} to {NEWEST}."
        )


def ensure_migrated(database_url: str) -> None:
    """CannotStart if the database is behind this release."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        if is_of_0_1(connection):
            raise CannotStart(OF_0_1)
        try:
            rows = connection.execute(APPLIED.text).fetchall()
        except psycopg.errors.UndefinedTable:
            rows = []
        except psycopg.errors.InsufficientPrivilege:
            raise _lacks_rights() from None
    if SCHEMA.missing(rows):
        raise CannotStart(
            "The database is behind this release: run `tenantry migrate` with"
            " TENANTRY_MIGRATION_DATABASE_URL, or set TENANTRY_AUTO_MIGRATE=1."
        )


def ensure_unprivileged(database_url: str) -> None:
    """CannotStart if row security does not apply to the login."""
    if not _is_true(
        database_url,
        "select not (rolsuper or rolbypassrls or exists (select from pg_tables"
        " where schemaname = 'public' and pg_has_role(tableowner, 'member')))"
        " from pg_roles where rolname = current_user",
    ):
        raise CannotStart(
            "DATABASE_URL signs in as a superuser, an owner, or a role with BYPASSRLS, to whom row"
            " security does not apply. Create a separate login: CREATE ROLE … LOGIN, and GRANT"
            " tenantry_service TO it."
        )


def ensure_service_login(database_url: str) -> None:
    """CannotStart if the login lacks the service's rights."""
    query = "select exists (select from pg_roles where rolname = %s and pg_has_role(oid, 'usage'))"
    if not _is_true(database_url, query, SERVICE_ROLE):
        raise _lacks_rights()


def _is_true(database_url: str, query: LiteralString, *parameters: str) -> bool:
    with psycopg.connect(database_url, autocommit=True) as connection:
        return connection.execute(query, parameters).fetchone() == (True,)


def _lacks_rights() -> CannotStart:
    return CannotStart(
        "DATABASE_URL signs in as a login without the service's rights: after `tenantry migrate`,"
        f" GRANT {SERVICE_ROLE} TO it."
    )


def ensure_row_security(database_url: str) -> None:
    """CannotStart if row security is off, or shows rows while no tenant is set."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        names = connection.execute(_TENANT_TABLES).fetchall()
        exposed = [
            name for name, forced in names if not forced or _has_visible_rows(connection, name)
        ]
    if not names:
        raise CannotStart("There are no tenant tables yet: run `tenantry migrate`.")
    if exposed:
        raise CannotStart(
            f"Row security does not protect {', '.join(exposed)}: as their owner, ALTER TABLE …"
            " ENABLE ROW LEVEL SECURITY, and FORCE it; then find out who switched it off."
        )


# A tenant table has org_id first in its key.
_TENANT_TABLES = """
    select c.relname, c.relrowsecurity and c.relforcerowsecurity
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where i.indisprimary and a.attname = 'org_id' and c.relnamespace = 'public'::regnamespace
     order by c.relname
"""


def _has_visible_rows(connection: psycopg.Connection[tuple[object, ...]], table: str) -> bool:
    query = sql.SQL("select from {} limit 1").format(sql.Identifier(table))
    return connection.execute(query).fetchone() is not None


def _ensure_set(name: str, value: object, example: str) -> None:
    if value is None:
        raise CannotStart(f"{name} is missing: set it to {example}.")


def _ensure_for_production(name: str, secret: SecretStr | None) -> None:
    if secret is not None and dev_secrets.DEVELOPMENT_MARK in secret.get_secret_value():
        raise CannotStart(f"{name} was generated for development: create another one.")
