"""What production demands of settings and database: each refuses, and names its mend."""

from collections.abc import Callable

import psycopg
from psycopg import sql
from pydantic import SecretStr

from tenantry.cli.refusals import CannotStart
from tenantry.cli.serving import dev_secrets
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.kit.addresses import is_loopback, is_private_or_encrypted
from tenantry.postgres.migrator import APPLIED
from tenantry.schema import OF_0_1, SCHEMA, SERVICE_ROLE, is_of_0_1
from tenantry.settings import Settings

OLDEST, NEWEST = 15, 18

Demand = Callable[[Settings], None]


def ensure_base_url(settings: Settings) -> None:
    """Refuse to guess where people reach the service: links and tokens say so."""
    _ensure_set(
        "TENANTRY_BASE_URL", settings.base_url, "the address that people reach this service at"
    )


def ensure_signing_keys(settings: Settings) -> None:
    """Refuse signing keys that are absent, for development, or none."""
    keys = settings.signing_keys
    _ensure_set("TENANTRY_SIGNING_KEYS", keys, "an ES256 or RS256 private key, as PEM")
    _ensure_for_production("TENANTRY_SIGNING_KEYS", keys)
    try:
        SigningKeys.load(keys.get_secret_value() if keys else "")
    except ValueError as broken:
        raise CannotStart(
            f"TENANTRY_SIGNING_KEYS: {broken}. Make one by `openssl genpkey -algorithm EC -pkeyopt"
            " ec_paramgen_curve:P-256`."
        ) from None


def ensure_secret_key(settings: Settings) -> None:
    """Refuse a secret key that is absent or for development."""
    key = settings.secret_key
    _ensure_set("TENANTRY_SECRET_KEY", key, "a random text of 32 characters or more")
    _ensure_for_production("TENANTRY_SECRET_KEY", key)


def ensure_mail(settings: Settings) -> None:
    """Refuse half of what letters need: the other half would be something that nobody meant."""
    mend = "the mail server, such as smtp://user:pw@host"
    _ensure_set("TENANTRY_SMTP_URL", settings.smtp_url, mend)
    if "mail_from" not in settings.model_fields_set:
        raise CannotStart(
            "TENANTRY_SMTP_URL is set without TENANTRY_MAIL_FROM: set that to the address that"
            " letters come from, such as Acme <no-reply@acme.example>."
        )


def ensure_database_named(settings: Settings) -> None:
    """Refuse an owner's connection without the service's own."""
    if settings.migration_database_url is not None and settings.database_url is None:
        raise CannotStart(
            "TENANTRY_MIGRATION_DATABASE_URL is set without DATABASE_URL: set that to the same"
            " database, with a login that owns nothing."
        )


def must_be_encrypted(settings: Settings) -> None:
    """Refuse public addresses without TLS."""
    for name, url in settings.public_addresses().items():
        if not is_private_or_encrypted(url):
            raise CannotStart(
                f"{name} is not https: tokens and passwords would travel readable. Put a proxy with"
                " TLS in front, and set its address."
            )


def must_limit_rates(settings: Settings) -> None:
    """Refuse to serve other machines without rate limits: passwords could be tried freely."""
    if settings.rate_limits == "off" and not is_loopback(settings.host):
        raise CannotStart(
            "TENANTRY_RATE_LIMITS is off while TENANTRY_HOST lets other machines in: unset it, or"
            " set TENANTRY_HOST to 127.0.0.1 for measurements."
        )


COMPLETE: tuple[Demand, ...] = (
    ensure_base_url,
    ensure_signing_keys,
    ensure_secret_key,
    ensure_mail,
    ensure_database_named,
    must_be_encrypted,
    must_limit_rates,
)


def ensure_complete(settings: Settings) -> None:
    """Refuse settings without which production is not safe."""
    for demand in COMPLETE:
        demand(settings)


def ensure_supported(database_url: str) -> None:
    """Refuse a PostgreSQL that this release was not tested with."""
    with psycopg.connect(database_url) as connection:
        major = connection.info.server_version // 10000
    if not OLDEST <= major <= NEWEST:
        raise CannotStart(
            f"PostgreSQL {major} is none that this release supports: use one from {OLDEST} to"
            f" {NEWEST}."
        )


def ensure_migrated(database_url: str) -> None:
    """Refuse a database that is behind this release."""
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
    """Refuse a login that row security would not bind."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(
            "select rolsuper or rolbypassrls or exists (select from pg_tables"
            " where schemaname = 'public' and pg_has_role(tableowner, 'member'))"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    if row is None or row[0]:
        raise CannotStart(
            "DATABASE_URL signs in as a superuser, an owner, or a role with BYPASSRLS, whom row"
            " security does not bind. Make a login of its own: CREATE ROLE … LOGIN, and GRANT"
            " tenantry_service TO it."
        )


def ensure_service_login(database_url: str) -> None:
    """Refuse a login that has not the service's rights."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(
            "select exists (select from pg_roles where rolname = %(role)s"
            " and pg_has_role(oid, 'usage'))",
            {"role": SERVICE_ROLE},
        ).fetchone()
    if row is None or not row[0]:
        raise _lacks_rights()


def _lacks_rights() -> CannotStart:
    return CannotStart(
        "DATABASE_URL signs in as a login without the service's rights: after `tenantry migrate`,"
        f" GRANT {SERVICE_ROLE} TO it."
    )


def ensure_row_security(database_url: str) -> None:
    """Refuse a database whose row security is off, or shows anything where no tenant is set."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        names = connection.execute(_TENANT_TABLES).fetchall()
        open_ = [name for name, walled in names if not walled or _shows(connection, name)]
    if not names:
        raise CannotStart("There are no tables of tenants yet: run `tenantry migrate`.")
    if open_:
        raise CannotStart(
            f"Row security does not guard {', '.join(open_)}: as their owner, ALTER TABLE … ENABLE"
            " ROW LEVEL SECURITY, and FORCE it; then look for who switched it off."
        )


# A table of tenants has org_id first in its key.
_TENANT_TABLES = """
    select c.relname, c.relrowsecurity and c.relforcerowsecurity
      from pg_index i
      join pg_class c on c.oid = i.indrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where i.indisprimary and a.attname = 'org_id' and c.relnamespace = 'public'::regnamespace
     order by c.relname
"""


def _shows(connection: psycopg.Connection[tuple[object, ...]], table: str) -> bool:
    query = sql.SQL("select from {} limit 1").format(sql.Identifier(table))
    return connection.execute(query).fetchone() is not None


def _ensure_set(name: str, value: object, mend: str) -> None:
    if value is None:
        raise CannotStart(f"{name} is missing: set it to {mend}.")


def _ensure_for_production(name: str, secret: SecretStr | None) -> None:
    if secret is not None and dev_secrets.DEVELOPMENT_MARK in secret.get_secret_value():
        raise CannotStart(f"{name} was made for development: make another one.")
