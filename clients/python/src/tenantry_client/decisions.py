"""Answers of check, remembered for a few seconds: never older than what is known to be newer."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from tenantry_client.sending import ApiCall, given


@dataclass(frozen=True, slots=True)
class Question:
    """May this person do this, there?"""

    organization_id: str
    user_id: str
    permission: str
    workspace_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, as of a revision of the organization's access."""

    allowed: bool
    revision: int | None = None
    """None where a token decided, which says of no revision."""


class Decisions:
    """A bounded memory of decisions.

    Each lives for `seconds`; with a newer revision of its organization it is forgotten at once.
    """

    def __init__(
        self, *, seconds: float, size: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._known: OrderedDict[Question, tuple[Decision, float]] = OrderedDict()
        self._newest: OrderedDict[str, int] = OrderedDict()

    def find(self, question: Question, at_least: int | None = None) -> Decision | None:
        """What is remembered, and new enough; None where it must be asked for."""
        known = self._known.get(question)
        if known is None:
            return None
        decision, until = known
        needed = max(at_least or 0, self._newest.get(question.organization_id, 0))
        if until <= self._clock() or (decision.revision or 0) < needed:
            del self._known[question]
            return None
        return decision

    def keep(self, question: Question, decision: Decision) -> None:
        """Remember an answer; the oldest goes where there is no room."""
        self.saw(question.organization_id, decision.revision)
        while len(self._known) >= self._size:
            self._known.popitem(last=False)
        self._known[question] = decision, self._clock() + self._seconds

    def saw(self, organization_id: str, revision: int | None) -> None:
        """A revision was heard of, from whatever source: older answers stop counting."""
        if revision is None or revision <= self._newest.get(organization_id, 0):
            return
        self._newest[organization_id] = revision
        self._newest.move_to_end(organization_id)
        while len(self._newest) > self._size:
            self._newest.popitem(last=False)


def asking(question: Question, at_least: int | None) -> ApiCall:
    """The call by which Tenantry is asked."""
    return ApiCall(
        "POST",
        "/api/v1/check",
        json=given(
            organization_id=question.organization_id,
            workspace_id=question.workspace_id,
            user_id=question.user_id,
            permission=question.permission,
            at_least_as_fresh=at_least,
        ),
        repeatable=True,
    )
