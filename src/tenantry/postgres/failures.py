"""Temporary failures of PostgreSQL: three causes, which callers and operators can distinguish.

`unavailable`: PostgreSQL cannot be reached, or does not respond. `overloaded`: it responds, but no
connection became free in time, or the work took too long. `locked`: other transactions hold a
required lock. The same request may succeed a little later.
"""

from typing import NamedTuple

from psycopg import OperationalError, errors

LockTimeout = errors.LockNotAvailable
"""A statement waited for a lock longer than `lock_timeout` allows."""


class DatabaseUnavailable(Exception):
    """PostgreSQL cannot be reached, or does not respond."""


class DatabaseOverloaded(Exception):
    """PostgreSQL responds, but this process has more work than its connections can do."""


class DatabaseLocked(Exception):
    """Other transactions hold a required lock for too long."""


class StatementOutdated(OperationalError):
    """The connection's prepared statement is outdated: run it again on a new connection."""


class Cause(NamedTuple):
    """The cause of a temporary failure, as callers see it."""

    code: str
    retry_after: int
    """Seconds."""


UNAVAILABLE = Cause("unavailable", 1)
OVERLOADED = Cause("overloaded", 2)
LOCKED = Cause("locked", 2)

# From the specific to the general: the first match counts.
_CAUSES: tuple[tuple[type[Exception], Cause], ...] = (
    (DatabaseLocked, LOCKED),
    (errors.LockNotAvailable, LOCKED),
    (errors.TransactionRollback, LOCKED),
    (DatabaseOverloaded, OVERLOADED),
    (errors.QueryCanceled, OVERLOADED),
    (errors.TooManyConnections, OVERLOADED),
    (errors.IdleInTransactionSessionTimeout, OVERLOADED),
    (DatabaseUnavailable, UNAVAILABLE),
    (OperationalError, UNAVAILABLE),
)


def cause_of(failure: BaseException) -> Cause | None:
    """The cause of a temporary failure; None for any other failure."""
    return next((cause for kind, cause in _CAUSES if isinstance(failure, kind)), None)


def describe(failure: Exception) -> str:
    """The type of failure and our own text, for logs; PostgreSQL's text may quote data."""
    ours = isinstance(failure, DatabaseUnavailable | DatabaseOverloaded | DatabaseLocked)
    words = f": {failure}" if ours and str(failure) else ""
    return f"{type(failure).__name__}{words}"
