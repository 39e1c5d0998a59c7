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
    """Everything that outlives a request."""

    database: Database
    secret_key_id: str
    """Which secret key it seals with."""
    tokens: AccessTokens
    organization_tokens: OrganizationTokens
    authentication: Authentication
    passwords: Passwords
    outbox: Outbox
    base_url: str
    base_path: str
    """The path of the base URL, empty as a rule: what our own paths begin with."""
    sign_up: Literal["open", "invite", "closed"]
    limits: Limits
    rate_limiters: RateLimiters
    key_uses: KeyUses
