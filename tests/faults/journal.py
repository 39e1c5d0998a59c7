"""What clients did: every call, and how it came out as far as they can know."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class Outcome(Enum):
    """What a client knows of its call."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """No answer, or one of 500 and above: it may have happened, whole, or not."""


class Act(Enum):
    """What a call is to do; its marker says which one it was."""

    FOUND = "an organization"
    OPEN = "a workspace"
    INVITE = "an invitation"
    CHANGE = "a change of an organization"
    WITHDRAW = "the end of an invitation"


@dataclass(frozen=True)
class Entry:
    """One call, once it is over."""

    by: str
    """Whose: the same Idempotency-Key means nothing to somebody else."""
    act: Act
    marker: str
    outcome: Outcome
    status: int = 0
    """Zero where there was no answer."""
    seconds: float = 0.0
    id: str = ""
    """Of what was made, where that was told."""
    why: str = ""
    began: float = 0.0
    """By the client's monotonic clock."""

    @property
    def ended(self) -> float:
        """When the client knew how it came out."""
        return self.began + self.seconds


@dataclass
class Journal:
    """All calls of all clients, in the order in which they were over."""

    entries: list[Entry] = field(default_factory=list[Entry])

    def add(self, entry: Entry) -> None:
        """Note a call that is over. Any thread may."""
        self.entries.append(entry)

    def of(self, act: Act, outcome: Outcome) -> list[Entry]:
        """The calls of one kind that came out in one way."""
        return [each for each in self.entries if (each.act, each.outcome) == (act, outcome)]

    def count(self, outcome: Outcome) -> int:
        """How many calls came out so."""
        return sum(entry.outcome is outcome for entry in self.entries)

    @property
    def statuses(self) -> Counter[int]:
        """How many calls were answered how; zero: not at all."""
        return Counter(entry.status for entry in self.entries)

    def __str__(self) -> str:
        told = [f"{self.count(outcome)} {outcome.value}" for outcome in Outcome]
        return f"{len(self.entries)} calls: {', '.join(told)}"
