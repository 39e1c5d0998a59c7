"""The parts of the service that interfaces use; wired in `app.py`."""

from dataclasses import dataclass
from typing import Literal

from tenantry.credentials.api_keys.uses import KeyUses
from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.credentials.tokens.authentication import Authentication
from tenantry.credentials.tokens.organization_tokens import OrganizationTokens
from tenantry.identity.accounts.passwords import Passwords
from tenantry.kit.limits import Limits
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits.actions import RateLimiters
from tenantry.postgres.database import Database


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that exist as long as the process."""

    database: Database
    secret_key_id: str
    """The secret key that new secrets are encrypted with."""
    tokens: AccessTokens
    organization_tokens: OrganizationTokens
    authentication: Authentication
    passwords: Passwords
    outbox: Outbox
    base_url: str
    base_path: str
    """The path of the base URL, usually empty; every path begins with it."""
    sign_up: Literal["open", "invite", "closed"]
    limits: Limits
    rate_limiters: RateLimiters
    key_uses: KeyUses
