"""How a call that failed goes on: sent again, done already, or failed for good."""

import httpx2

from tenantry_client.problems import Gone, NotFound, Problem, Unauthenticated, Unreachable
from tenantry_client.sending import Call

ATTEMPTS = 4
"""How often a call is sent at most, where it may be sent again at all."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

_NEVER_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout)


class Attempts:
    """The attempts at one call.

    Sent again is what never arrived, and of what may be repeated, what Tenantry was away for. What
    may have been done already, and cannot be known again, is not.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._failed = 0
        self._may_be_done = False

    def pause_after(self, failure: Exception) -> float | None:
        """How many seconds to wait before the call is sent again; None where it was done already.

        Where neither is so, what the caller is told is raised: a Problem, or Unreachable.
        """
        if self._may_be_done and self._call.method == "DELETE":
            if isinstance(failure, NotFound | Gone):
                return None  # an attempt whose answer was lost has done it
            if isinstance(failure, Unauthenticated) and self._call.path.startswith("/api/v1/me"):
                told = "Tenantry does not know the caller any more: the call may have been done."
                raise Unreachable(told) from failure
        self._failed += 1
        pause = self._pause(failure)
        if pause is None or self._failed >= ATTEMPTS:
            raise _told(failure) from failure
        self._may_be_done = self._may_be_done or not isinstance(failure, _NEVER_ARRIVED)
        return pause

    def _pause(self, failure: Exception) -> float | None:
        pause = FIRST_PAUSE * 2 ** (self._failed - 1)
        if isinstance(failure, _NEVER_ARRIVED):
            return pause
        if not (self._call.repeatable or self._call.keyed):
            return None
        if isinstance(failure, httpx2.TransportError):
            return pause
        if isinstance(failure, Problem) and self._is_passing(failure):
            asked = failure.retry_after if failure.retry_after is not None else pause
            return asked if asked <= LONGEST_PAUSE else None
        return None

    def _is_passing(self, refusal: Problem) -> bool:
        if refusal.status == 503:
            return True
        # An attempt of ours whose answer was lost is still at work, under the same key.
        return self._may_be_done and refusal.code == "idempotency_in_flight"


def _told(failure: Exception) -> Exception:
    if isinstance(failure, Problem):
        return failure
    return Unreachable(f"Tenantry does not answer: {type(failure).__name__}")
