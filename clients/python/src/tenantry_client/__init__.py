"""Python client and guard for Tenantry."""

from tenantry_client.client import AsyncTenantry, Tenantry
from tenantry_client.decisions import Decision
from tenantry_client.guard import AsyncGuard, Guard
from tenantry_client.listing import AsyncListing, Listing
from tenantry_client.problems import (
    BadRequest,
    Conflict,
    Gone,
    Invalid,
    Misconfigured,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    Problem,
    RateLimited,
    TenantryError,
    TokenRefused,
    Unauthenticated,
    Unavailable,
    Unreachable,
)
from tenantry_client.sending import ABSENT
from tenantry_client.tokens import OrganizationToken
from tenantry_client.verifying import AsyncVerifier, Verifier
from tenantry_client.wire import etag_of

__all__ = [
    "Tenantry",
    "AsyncTenantry",
    "Guard",
    "AsyncGuard",
    "Verifier",
    "AsyncVerifier",
    "OrganizationToken",
    "Decision",
    "Listing",
    "AsyncListing",
    "ABSENT",
    "etag_of",
    "TenantryError",
    "TokenRefused",
    "Unreachable",
    "Misconfigured",
    "Problem",
    "BadRequest",
    "Unauthenticated",
    "PermissionDenied",
    "NotFound",
    "Conflict",
    "Gone",
    "PreconditionFailed",
    "Invalid",
    "RateLimited",
    "Unavailable",
]
