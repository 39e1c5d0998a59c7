"""Rate: how often something may be done; what an act is charged to it; and the refusal."""

from dataclasses import dataclass

from tenantry.kit.refusals import TooManyRequests


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in so many seconds: that many at once, then one after another as time passes.

    `name` is what callers are told. Where `told` is false, strangers share the count, so nobody is
    told how much is left, only that nothing is.
    """

    name: str
    most: int
    seconds: int
    told: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that is done `times` times, at the expense of whoever `subject` names."""

    rate: Rate
    subject: str
    times: int = 1
    unless: tuple["Hit", ...] = ()
    """Records that exempt: while any of them still counts, this charge is not counted."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How a rate stands once something was counted."""

    rate: Rate
    left: int
    """How many times more it may be done now."""
    full_in: int
    """Seconds until nothing of it counts any more."""
    wait: int
    """Seconds until the same may be tried again; 0 where it was within the rate."""


class RateLimited(TooManyRequests):
    """Something was done more often than its rate allows."""

    code = "rate_limited"
    detail = "Too many requests of this kind. Try again later."
