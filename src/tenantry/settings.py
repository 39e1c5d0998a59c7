"""The settings: the environment, read once into a frozen value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from tenantry.kit import addresses
from tenantry.kit.environment import EnvironmentRefused, read
from tenantry.trusted_issuers import IssuerSetting, parse_issuers


class SettingsError(Exception):
    """A setting is invalid; the message says which, and how to fix it, without its value."""


KEEP_ALIVE_SECONDS = 75
"""Longer than load balancers keep an idle connection, usually 60 seconds, so that none is closed
while a request is on its way."""
SHORTEST_SECRET_KEY = 32
"""Characters."""

Audience = Annotated[str, Field(pattern=r"^[!-~]+$", max_length=255)]
"""Whom an organization token is for: a name or a URL."""

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]

_LINKS = (
    *("link_verify_email_url", "link_reset_password_url"),
    *("link_invitation_url", "link_home_url"),
)


class Settings(BaseModel):
    """The settings. Each field is read from the variable that is its alias."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    migration_database_url: SecretStr | None = Field(None, alias="TENANTRY_MIGRATION_DATABASE_URL")
    auto_migrate: bool = Field(False, alias="TENANTRY_AUTO_MIGRATE")
    db_pool_size: int = Field(8, ge=1, le=1000, alias="TENANTRY_DB_POOL_SIZE")
    db_connections_per_organization: int = Field(
        3, ge=1, alias="TENANTRY_DB_CONNECTIONS_PER_ORGANIZATION"
    )
    db_connect_timeout: Seconds = Field(0.8, alias="TENANTRY_DB_CONNECT_TIMEOUT")
    db_pool_timeout: Seconds = Field(2.0, alias="TENANTRY_DB_POOL_TIMEOUT")
    db_statement_timeout: Seconds = Field(10.0, alias="TENANTRY_DB_STATEMENT_TIMEOUT")
    db_lock_timeout: Seconds = Field(5.0, alias="TENANTRY_DB_LOCK_TIMEOUT")
    db_idle_in_transaction_timeout: Seconds = Field(
        15.0, alias="TENANTRY_DB_IDLE_IN_TRANSACTION_TIMEOUT"
    )
    backup_database_url: SecretStr | None = Field(None, alias="TENANTRY_BACKUP_DATABASE_URL")
    home: Path = Field(Path(".tenantry"), alias="TENANTRY_HOME")
    host: str = Field("127.0.0.1", alias="TENANTRY_HOST")
    port: int = Field(8000, ge=0, le=65535, alias="TENANTRY_PORT")
    keep_alive_seconds: int = Field(
        KEEP_ALIVE_SECONDS, ge=1, le=3600, alias="TENANTRY_KEEP_ALIVE_SECONDS"
    )
    base_url: str | None = Field(None, alias="TENANTRY_BASE_URL")
    signing_keys: SecretStr | None = Field(None, alias="TENANTRY_SIGNING_KEYS")
    secret_key: SecretStr | None = Field(
        None, alias="TENANTRY_SECRET_KEY", min_length=SHORTEST_SECRET_KEY
    )
    secret_key_previous: SecretStr | None = Field(None, alias="TENANTRY_SECRET_KEY_PREVIOUS")
    allowed_origins: tuple[str, ...] = Field((), alias="TENANTRY_ALLOWED_ORIGINS")
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field((), alias="TENANTRY_TRUSTED_PROXIES")
    rate_limits: Literal["on", "off"] = Field("on", alias="TENANTRY_RATE_LIMITS")
    smtp_url: SecretStr | None = Field(None, alias="TENANTRY_SMTP_URL")
    smtp_helo: str | None = Field(
        None, alias="TENANTRY_SMTP_HELO", pattern=r"^[A-Za-z0-9.:_\[\]-]+$", max_length=255
    )
    smtp_connections: int = Field(8, ge=1, le=64, alias="TENANTRY_SMTP_CONNECTIONS")
    mail_from: str = Field("Tenantry <no-reply@tenantry.localhost>", alias="TENANTRY_MAIL_FROM")
    sign_up: Literal["open", "invite", "closed"] = Field("open", alias="TENANTRY_SIGN_UP")
    trusted_issuers: tuple[IssuerSetting, ...] = Field((), alias="TENANTRY_TRUSTED_ISSUERS")
    audiences: tuple[Audience, ...] = Field((), alias="TENANTRY_AUDIENCES")
    limit_members: int = Field(10_000, ge=1, alias="TENANTRY_LIMIT_MEMBERS")
    limit_pending_invitations: int = Field(1_000, ge=1, alias="TENANTRY_LIMIT_PENDING_INVITATIONS")
    limit_custom_roles: int = Field(100, ge=0, alias="TENANTRY_LIMIT_CUSTOM_ROLES")
    limit_workspaces: int = Field(1_000, ge=1, alias="TENANTRY_LIMIT_WORKSPACES")
    limit_api_keys: int = Field(1_000, ge=0, alias="TENANTRY_LIMIT_API_KEYS")
    limit_service_accounts: int = Field(100, ge=0, alias="TENANTRY_LIMIT_SERVICE_ACCOUNTS")
    retention_events_days: int = Field(400, ge=0, alias="TENANTRY_RETENTION_EVENTS_DAYS")
    retention_account_events_days: int = Field(
        400, ge=0, alias="TENANTRY_RETENTION_ACCOUNT_EVENTS_DAYS"
    )
    retention_invitations_days: int = Field(400, ge=0, alias="TENANTRY_RETENTION_INVITATIONS_DAYS")
    retention_unverified_accounts_days: int = Field(
        90, ge=0, alias="TENANTRY_RETENTION_UNVERIFIED_ACCOUNTS_DAYS"
    )
    limit_events_mb: int = Field(64, ge=0, alias="TENANTRY_LIMIT_EVENTS_MB")
    limit_organizations_per_user: int = Field(
        100, ge=0, alias="TENANTRY_LIMIT_ORGANIZATIONS_PER_USER"
    )
    metrics: bool = Field(False, alias="TENANTRY_METRICS")
    metrics_token: SecretStr | None = Field(None, alias="TENANTRY_METRICS_TOKEN", min_length=16)
    show_version: bool | None = Field(None, alias="TENANTRY_SHOW_VERSION")
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        None, alias="TENANTRY_LOG_LEVEL"
    )
    log_format: Literal["json", "text"] | None = Field(None, alias="TENANTRY_LOG_FORMAT")
    log_clients: bool = Field(False, alias="TENANTRY_LOG_CLIENTS")
    link_verify_email_url: str | None = Field(None, alias="TENANTRY_LINK_VERIFY_EMAIL_URL")
    link_reset_password_url: str | None = Field(None, alias="TENANTRY_LINK_RESET_PASSWORD_URL")
    link_invitation_url: str | None = Field(None, alias="TENANTRY_LINK_INVITATION_URL")
    link_home_url: str | None = Field(None, alias="TENANTRY_LINK_HOME_URL")
    templates: Path | None = Field(None, alias="TENANTRY_TEMPLATES")
    permissions: Path | None = Field(None, alias="TENANTRY_PERMISSIONS")

    @field_validator("allowed_origins", "trusted_proxies", "audiences", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Split values that are separated by commas or spaces."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _is_base_address(cls, value: str) -> str:
        return addresses.base_address(value)

    @field_validator(*_LINKS)
    @classmethod
    def _is_page(cls, value: str) -> str:
        return addresses.page_address(value)

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value if value == ("*",) else tuple(map(addresses.origin, value))

    @field_validator("mail_from")
    @classmethod
    def _is_mailbox(cls, value: str) -> str:
        return addresses.mailbox(value)

    @field_validator("trusted_issuers", mode="before")
    @classmethod
    def _read_issuers(cls, value: object) -> object:
        return parse_issuers(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_not_trusted_itself(self) -> Self:
        if self.base_url in [each.issuer for each in self.trusted_issuers]:
            raise ValueError("TENANTRY_TRUSTED_ISSUERS names TENANTRY_BASE_URL itself")
        if self.base_url in [each.rstrip("/") for each in self.audiences]:
            raise ValueError("TENANTRY_AUDIENCES names TENANTRY_BASE_URL itself")
        return self

    @model_validator(mode="after")
    def _has_metrics_for_token(self) -> Self:
        if self.metrics_token is not None and not self.metrics:
            raise ValueError(
                "TENANTRY_METRICS_TOKEN is set without TENANTRY_METRICS: set that to on"
            )
        return self

    # Invalid values are refused here: libpq and SMTP would quote a part of the password.
    @field_validator("database_url", "migration_database_url", "backup_database_url")
    @classmethod
    def _is_database(cls, value: SecretStr) -> SecretStr:
        if not _names_a_database(value.get_secret_value()):
            raise ValueError(
                "expected postgresql://user:password@host:5432/database, with special characters"
                " in the password percent-encoded"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr) -> SecretStr:
        if not _names_a_mail_server(value.get_secret_value()):
            raise ValueError("expected smtp://user:password@host:587, or smtps:// for TLS")
        return value

    @field_validator("secret_key_previous")
    @classmethod
    def _are_secret_keys(cls, value: SecretStr) -> SecretStr:
        if any(len(key) < SHORTEST_SECRET_KEY for key in _lines(value)):
            raise ValueError(
                f"expected secret keys of {SHORTEST_SECRET_KEY} characters or more, one per line"
            )
        return value

    @property
    def previous_secret_keys(self) -> tuple[str, ...]:
        """The secret keys that were used before the current one."""
        return _lines(self.secret_key_previous) if self.secret_key_previous else ()

    def public_addresses(self) -> dict[str, str]:
        """The URLs that browsers are sent to, by the names of their settings."""
        fields = type(self).model_fields
        return {
            str(fields[name].alias): url
            for name in ("base_url", *_LINKS)
            if (url := getattr(self, name)) is not None
        }

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the environment. SettingsError names every invalid variable."""
        try:
            return cls.model_validate(read(environment, known=_NAMES, secrets=_SECRETS))
        except EnvironmentRefused as refused:
            raise SettingsError(str(refused)) from refused
        except ValidationError as broken:
            lines = [
                ": ".join([*map(str, error["loc"][:1]), error["msg"]]) for error in broken.errors()
            ]
            raise SettingsError("; ".join(lines).replace("Value error, ", "")) from None


def _lines(secret: SecretStr) -> tuple[str, ...]:
    return tuple(line.strip() for line in secret.get_secret_value().splitlines() if line.strip())


def _names_a_database(url: str) -> bool:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        return False
    # If a password is not encoded, a part of it appears as host or port.
    ports = str(parts.get("port") or "").split(",")
    hosts = str(parts.get("host") or "")
    return "@" not in hosts and all(port == "" or port.isdecimal() for port in ports)


def _is_host(parts: SplitResult) -> bool:
    return bool(parts.hostname) and parts.port != 0


def _names_a_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        bare = not (parts.path.strip("/") or parts.query or parts.fragment or " " in url)
        return bare and parts.scheme in ("smtp", "smtps") and _is_host(parts)
    except ValueError:
        return False


_NAMES = {str(field.alias) for field in Settings.model_fields.values()}
_SECRETS = {
    str(field.alias) for field in Settings.model_fields.values() if "SecretStr" in str(field)
} | {"TENANTRY_TRUSTED_ISSUERS"}  # not secret, but long
