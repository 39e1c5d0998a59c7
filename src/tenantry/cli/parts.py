"""Parts of the service, built from the settings."""

from pathlib import Path

from pydantic import SecretStr

from tenantry.cli.errors import CannotStart
from tenantry.credentials.tokens.issuers import TrustedIssuer
from tenantry.credentials.tokens.key_sets import FileKeySet
from tenantry.kit.limits import Limits
from tenantry.kit.retention import Retention
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.overrides import BrokenTemplate, load_templates
from tenantry.platform.mail.transports import Mailbox, Smtp, Transport, greeting_name
from tenantry.postgres.pool.options import PoolOptions
from tenantry.settings import Settings


def transport(settings: Settings, base_url: str) -> Transport:
    """SMTP if a server is set, otherwise the mailbox folder of the home."""
    if settings.smtp_url is not None:
        return smtp(settings, settings.smtp_url, base_url)
    return Mailbox(settings.home / "mailbox", settings.mail_from)


def smtp(settings: Settings, url: SecretStr, base_url: str) -> Smtp:
    helo = settings.smtp_helo or greeting_name(base_url)
    return Smtp(url.get_secret_value(), settings.mail_from, helo)


def links(settings: Settings, base_url: str) -> Links:
    """The console's pages, unless the product has its own."""
    return Links(
        verify_email=settings.link_verify_email_url or f"{base_url}/verify-email",
        reset_password=settings.link_reset_password_url or f"{base_url}/reset-password",
        invitation=settings.link_invitation_url or f"{base_url}/invitation",
        home=settings.link_home_url or f"{base_url}/",
    )


def templates(settings: Settings) -> Templates:
    """The email templates, including the operator's own. CannotStart if one is broken."""
    if settings.templates is None:
        return Templates()
    try:
        return load_templates(settings.templates)
    except BrokenTemplate as broken:
        raise CannotStart(
            f"TENANTRY_TEMPLATES: {broken}. Fix the file, or remove it to use ours."
        ) from broken


def pool(settings: Settings) -> PoolOptions:
    return PoolOptions(
        size=settings.db_pool_size,
        per_key=settings.db_connections_per_organization,
        patience=settings.db_connect_timeout,
        queue_timeout=settings.db_pool_timeout,
        statement_timeout=settings.db_statement_timeout,
        lock_timeout=settings.db_lock_timeout,
        idle_in_transaction_timeout=settings.db_idle_in_transaction_timeout,
    )


def limits(settings: Settings) -> Limits:
    return Limits(
        members=settings.limit_members,
        pending_invitations=settings.limit_pending_invitations,
        custom_roles=settings.limit_custom_roles,
        workspaces=settings.limit_workspaces,
        api_keys=settings.limit_api_keys,
        service_accounts=settings.limit_service_accounts,
        organizations_per_user=settings.limit_organizations_per_user,
        event_bytes_a_day=settings.limit_events_mb * 1_000_000,
    )


def retention(settings: Settings) -> Retention:
    return Retention(
        events=settings.retention_events_days,
        account_events=settings.retention_account_events_days,
        invitations=settings.retention_invitations_days,
        unverified_accounts=settings.retention_unverified_accounts_days,
    )


def trusted_issuers(settings: Settings) -> tuple[TrustedIssuer, ...]:
    """The trusted issuers. CannotStart if a key file cannot be read."""
    for each in settings.trusted_issuers:
        if each.jwks_file is not None:
            _ensure_has_keys(each.jwks_file)
    return tuple(TrustedIssuer(**each.model_dump()) for each in settings.trusted_issuers)


def audiences(settings: Settings, base_url: str) -> tuple[str, ...]:
    """The audiences of organization tokens. CannotStart if one of them is this service."""
    if base_url in [each.rstrip("/") for each in settings.audiences]:
        raise CannotStart(
            "TENANTRY_AUDIENCES names this service itself: name only your other services."
        )
    return settings.audiences


def _ensure_has_keys(path: Path) -> None:
    try:
        FileKeySet(path)
    except (OSError, ValueError) as broken:
        raise CannotStart(
            f"TENANTRY_TRUSTED_ISSUERS: {path} cannot be read as a JWK Set. Let this user read it,"
            " or name another jwks_file."
        ) from broken
