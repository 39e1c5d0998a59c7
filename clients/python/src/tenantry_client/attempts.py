"""What happens after a failed call: it is repeated, was done already, or fails for good."""

import httpx2

from tenantry_client.problems import Gone, NotFound, Problem, Unauthenticated, Unreachable
from tenantry_client.sending import ApiCall

ATTEMPTS = 4
"""How often a call is sent at most, if it may be repeated."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

_NEVER_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout)


class Attempts:
    """The attempts at one call.

    A call that never arrived is repeated. So is a repeatable call while Tenantry was unavailable.
    A call that may have been done already, and cannot be recognized as a repetition, is not.
    """

    def __init__(self, call: ApiCall) -> None:
        self._call = call
        self._failed = 0
        self._may_be_done = False

    def pause_after(self, failure: Exception) -> float | None:
        """Seconds to wait before the call is repeated; None if it was done already.

        Otherwise raises what the caller gets: a Problem, or Unreachable.
        """
        if self._may_be_done and self._call.method == "DELETE":
            if isinstance(failure, NotFound | Gone):
                return None  # done by an attempt whose response was lost
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
        # One of our own attempts, whose response was lost, is still in progress under the same key.
        return self._may_be_done and refusal.code == "idempotency_in_flight"


def _told(failure: Exception) -> Exception:
    if isinstance(failure, Problem):
        return failure
    return Unreachable(f"Tenantry does not answer: {type(failure).__name__}")
