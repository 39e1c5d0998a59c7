"""The operator's settings for connections to PostgreSQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How many connections a process has, and how long it waits; times are in seconds."""

    size: int = 8
    """Connections of one process."""
    per_key: int = 3
    """How many of these the writes of one key may use at once."""
    patience: float = 0.8
    """To connect to each server, and to wait for a connection while none is returned."""
    queue_timeout: float = 2.0
    """To wait for a connection while others are returned."""
    statement_timeout: float = 10.0
    lock_timeout: float = 5.0
    """To wait for a locked row, and before that behind other writes of the same key, where a caller
    waits without a connection."""
    idle_in_transaction_timeout: float = 15.0

    @property
    def settings(self) -> dict[str, str]:
        """Settings for PostgreSQL itself, because a cancelled request sends no CancelRequest."""
        return {
            "timezone": "UTC",
            "statement_timeout": _milliseconds(self.statement_timeout),
            "lock_timeout": _milliseconds(self.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction_timeout),
        }


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
