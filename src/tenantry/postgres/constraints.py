"""Constraint names turned into errors."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from psycopg import IntegrityError

Refusals = Mapping[str, Callable[[], Exception]]
"""The errors to raise, by the name of the violated constraint."""


def refuse(broken: IntegrityError, refusals: Refusals) -> None:
    """Raise the error of the violated constraint, if it is one of these."""
    refusal = refusals.get(broken.diag.constraint_name or "")
    if refusal is not None:
        raise refusal() from broken


@contextmanager
def refusing(refusals: Refusals) -> Generator[None]:
    """The same for a block."""
    try:
        yield
    except IntegrityError as broken:
        refuse(broken, refusals)
        raise
