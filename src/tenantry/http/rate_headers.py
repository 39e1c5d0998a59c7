"""The `RateLimit` headers of a response."""

from tenantry.http.response import Header
from tenantry.platform.rate_limits.actions import RateLimiter
from tenantry.platform.rate_limits.model import Usage


def fields(rate_limiter: RateLimiter) -> list[Header]:
    """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10, 3 and 4).

    Each policy appears once, with the count that is closest to its limit, the closest of all first.
    A count that strangers share appears only if it is exhausted.
    """
    usages = [usage for usage in rate_limiter.usages if usage.rate.is_public or usage.wait]
    if not usages:
        return []
    usages.sort(key=lambda usage: (-usage.wait, usage.left / usage.rate.most))
    nearest = dict[str, Usage]()
    for usage in usages:
        nearest.setdefault(usage.rate.name, usage)
    return [
        (b"ratelimit-policy", ", ".join(map(_policy, nearest.values())).encode()),
        (b"ratelimit", ", ".join(map(_remaining, nearest.values())).encode()),
    ]


def _policy(usage: Usage) -> str:
    return f'"{usage.rate.name}";q={usage.rate.most};w={usage.rate.seconds}'


def _remaining(usage: Usage) -> str:
    return f'"{usage.rate.name}";r={usage.left};t={usage.wait or usage.full_in}'
