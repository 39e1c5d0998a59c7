"""May this refresh token renew its session?"""

from datetime import datetime
from enum import Enum, auto

from tenantry.identity.sessions.model import SIBLING_WINDOW, Refresh


class RefreshOutcome(Enum):
    RENEW = auto()
    REFUSE = auto()
    END = auto()
    """Used before: two clients have it, and one of them is a thief."""


def decide(refresh: Refresh | None, now: datetime) -> RefreshOutcome:
    """What becomes of a refresh token (RFC 9700, section 4.14.2)."""
    if refresh is None or not refresh.live:
        return RefreshOutcome.REFUSE
    if refresh.used_at is None or now - refresh.used_at <= SIBLING_WINDOW:
        return RefreshOutcome.RENEW
    return RefreshOutcome.END
