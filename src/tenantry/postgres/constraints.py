"""Constraint names turned into refusals, in one place per room."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from psycopg import IntegrityError

from tenantry.kit.refusals import Refusal

Refusals = Mapping[str, Callable[[], Refusal]]
"""What to refuse with, by the name of the violated constraint."""


def refuse(broken: IntegrityError, refusals: Refusals) -> None:
    """Raise the room's refusal where PostgreSQL names one of these constraints."""
    refusal = refusals.get(broken.diag.constraint_name or "")
    if refusal is not None:
        raise refusal() from broken


@contextmanager
def refusing(refusals: Refusals) -> Generator[None]:
    """The same for what is done within."""
    try:
        yield
    except IntegrityError as broken:
        refuse(broken, refusals)
        raise
