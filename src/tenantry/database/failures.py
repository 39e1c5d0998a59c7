"""Why a request got no answer from PostgreSQL: three causes that callers and operators tell apart.

`unavailable`: PostgreSQL cannot be reached, or answers nothing. `overloaded`: it answers, but no
connection came free in time, or the work took too long. `locked`: others hold what is needed. The
same request may well succeed a little later.
"""

from typing import NamedTuple

from psycopg import OperationalError, errors


class DatabaseUnavailable(Exception):
    """PostgreSQL cannot be reached, or answers nothing."""


class DatabaseOverloaded(Exception):
    """PostgreSQL answers, but this process has more to ask of it than it has connections for."""


class DatabaseLocked(Exception):
    """Other transactions of the same organization are under way for too long."""


class StatementOutdated(OperationalError):
    """What the connection remembers of a statement no longer holds: run it again on a new one."""


class Cause(NamedTuple):
    """What is told of a failure that may pass."""

    code: str
    retry_after: int
    """Seconds."""


UNAVAILABLE = Cause("unavailable", 1)
OVERLOADED = Cause("overloaded", 2)
LOCKED = Cause("locked", 2)

# From the particular to the general: the first that fits counts.
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
    """Why the database gave no answer; None for what will not pass by itself."""
    return next((cause for kind, cause in _CAUSES if isinstance(failure, kind)), None)


def describe(failure: Exception) -> str:
    """For logs: the kind of failure, and our own words; never PostgreSQL's, which may quote."""
    ours = isinstance(failure, DatabaseUnavailable | DatabaseOverloaded | DatabaseLocked)
    words = f": {failure}" if ours and str(failure) else ""
    return f"{type(failure).__name__}{words}"
