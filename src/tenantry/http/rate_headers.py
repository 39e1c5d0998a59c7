"""The `RateLimit` headers of a response."""

from tenantry.http.response import Header
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.platform.rate_limits.model import Usage


def fields(rate_limiter: RateLimiter | None) -> list[Header]:
    """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10, 3 and 4).

    Each policy is told once, by its count that is nearest to its end; the nearest of all comes
    first. A count that strangers share is told only once it is used up.
    """
    told = (
        [usage for usage in rate_limiter.usages if usage.rate.is_public or usage.wait]
        if rate_limiter
        else []
    )
    if not told:
        return []
    told.sort(key=lambda usage: (-usage.wait, usage.left / usage.rate.most))
    nearest = dict[str, Usage]()
    for usage in told:
        nearest.setdefault(usage.rate.name, usage)
    told = list(nearest.values())
    return [
        (b"ratelimit-policy", ", ".join(map(_policy, told)).encode()),
        (b"ratelimit", ", ".join(map(_standing, told)).encode()),
    ]


def _policy(usage: Usage) -> str:
    return f'"{usage.rate.name}";q={usage.rate.most};w={usage.rate.seconds}'


def _standing(usage: Usage) -> str:
    return f'"{usage.rate.name}";r={usage.left};t={usage.wait or usage.full_in}'
