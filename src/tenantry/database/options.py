"""What an operator decides of connections to PostgreSQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How many connections a process has, and for how long it waits; times are in seconds."""

    size: int = 8
    """Connections of one process."""
    per_organization: int = 3
    """Of these, at most so many for writes of one organization."""
    patience: float = 0.8
    """To connect to each server; and to wait for a connection while none comes back."""
    queue_timeout: float = 2.0
    """To wait for a connection while others come back."""
    statement_timeout: float = 10.0
    lock_timeout: float = 5.0
    """To wait for a row that others hold, and before that behind writes of one's organization: who
    waits there has no connection yet, and keeps nobody from theirs."""
    idle_in_transaction_timeout: float = 15.0

    @property
    def settings(self) -> dict[str, str]:
        """What PostgreSQL itself is told: a cancelled request sends it no CancelRequest."""
        return {
            "timezone": "UTC",
            "statement_timeout": _milliseconds(self.statement_timeout),
            "lock_timeout": _milliseconds(self.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction_timeout),
        }


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
