"""The operator's settings for connections to PostgreSQL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """The size of a process's pool, and its timeouts in seconds."""

    size: int = 8
    """Connections of one process."""
    per_key: int = 3
    """The most that the writes of one key may use at once."""
    patience: float = 0.8
    """For connecting to each server, and for waiting while no connection is returned."""
    queue_timeout: float = 2.0
    """For waiting while other connections are returned."""
    statement_timeout: float = 10.0
    lock_timeout: float = 5.0
    """For waiting for a locked row, and before that, without a connection, behind other writes of
    the same key."""
    idle_in_transaction_timeout: float = 15.0

    @property
    def settings(self) -> dict[str, str]:
        """The server's own timeouts, because a cancelled request sends no CancelRequest."""
        return {
            "timezone": "UTC",
            "statement_timeout": _milliseconds(self.statement_timeout),
            "lock_timeout": _milliseconds(self.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction_timeout),
        }


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
