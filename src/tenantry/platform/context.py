"""The context of a use case that sends email, counts rates or respects limits."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from tenantry.authz.authority import Actor, Authority
from tenantry.kit.limits import Limits
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.postgres.transaction import Tx

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class UseCaseContext(Generic[P]):
    """The transaction, the principal, and the parts of the service that the use case needs.

    A use case that needs only transaction and principal takes these two instead.
    """

    tx: Tx
    principal: P
    outbox: Outbox
    rate_limiter: RateLimiter
    limits: Limits


OrganizationContext = UseCaseContext[Authority]
PersonContext = UseCaseContext[Actor]
