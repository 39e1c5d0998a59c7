"""May this refresh token renew its session?"""

from datetime import datetime
from enum import Enum, auto

from tenantry.identity.sessions.model import SIBLING_WINDOW, Refresh


class Verdict(Enum):
    """What becomes of a refresh."""

    RENEW = auto()
    REFUSE = auto()
    END = auto()
    """Used before: two hold it, one of them a thief, and nobody can tell which."""


def verdict(refresh: Refresh | None, now: datetime) -> Verdict:
    """Judge a refresh token (RFC 9700, section 4.14.2)."""
    if refresh is None or not refresh.live:
        return Verdict.REFUSE
    if refresh.used_at is None or now - refresh.used_at <= SIBLING_WINDOW:
        return Verdict.RENEW
    return Verdict.END
