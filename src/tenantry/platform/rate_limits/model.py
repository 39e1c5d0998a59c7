"""Rates, hits, and the refusal."""

from dataclasses import dataclass

from tenantry.kit.refusals import TooManyRequests


@dataclass(frozen=True, slots=True)
class Rate:
    """`most` times in `seconds`: that many at once, then one by one as time passes.

    Callers see `name`. If `is_public` is false, strangers share the count, so responses do not show
    how much is left, only that the limit is exceeded.
    """

    name: str
    most: int
    seconds: int
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """`times` operations, counted for `subject`."""

    rate: Rate
    subject: str
    times: int = 1
    unless: tuple["Hit", ...] = ()
    """Exemptions: while any of them is recorded, this hit is not counted."""


@dataclass(frozen=True, slots=True)
class Usage:
    rate: Rate
    left: int
    """The number of operations that are allowed now."""
    full_in: int
    """Seconds until the whole limit is available again."""
    wait: int
    """Seconds until the same operation may be tried again; 0 if it was within the limit."""


class RateLimited(TooManyRequests):
    code = "rate_limited"
    detail = "Too many requests of this kind. Try again later."
