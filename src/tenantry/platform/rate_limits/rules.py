"""The state of a rate, whether it is exceeded, and which addresses share a network. Pure.

A count is one time, `full_at`: when the whole limit is available again (the generic cell rate
algorithm). Each hit moves it forward by its cost, at most the seconds of the rate ahead of now. So
nothing needs to be reset, and there are no windows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil, floor

from tenantry.platform.rate_limits.model import Hit, Rate, RateLimited, Usage

# Concurrent transactions begin at slightly different times, which must not refuse any of them.
_LEEWAY_SECONDS = 1.0


def cost(rate: Rate) -> float:
    """Seconds by which one hit moves the count forward."""
    return rate.seconds / rate.most


def moved_by(hit: Hit) -> timedelta:
    """How far a hit moves its count forward."""
    return timedelta(seconds=hit.times * cost(hit.rate))


def usage(hit: Hit, full_at: datetime, now: datetime) -> Usage:
    rate, ahead = hit.rate, (full_at - now).total_seconds()
    leeway = min(_LEEWAY_SECONDS, cost(rate) / 2)
    room = rate.seconds + leeway - ahead
    left = max(0, floor(room / cost(rate)))
    wait = max(1, ceil(-room)) if room < 0 else 0
    return Usage(rate, left, max(0, ceil(ahead)), wait)


def ensure_within(usages: Iterable[Usage]) -> None:
    """RateLimited if one of them is exceeded, until none is."""
    wait = max((usage.wait for usage in usages), default=0)
    if wait:
        raise RateLimited(wait)


def merged(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with each rate and subject once: the same address twice costs twice."""
    found = dict[tuple[str, str], Hit]()
    for hit in hits:
        key = hit.rate.name, hit.subject
        before = found.get(key)
        found[key] = replace(hit, times=before.times + hit.times) if before else hit
    return list(found.values())


def network_of(address: str) -> str:
    """The network that shares a count with this address: an IPv4 address itself, or an IPv6 /64.

    One customer gets a whole /64 (RFC 6177), so a single IPv6 address identifies no one. Everything
    that is not an address shares one count.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((int(parsed), 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)
