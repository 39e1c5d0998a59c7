"""Expected versions: what a caller last read of something that it changes now."""

from collections.abc import Callable
from typing import TypeVar

T_contra = TypeVar("T_contra", contravariant=True)

Expectation = Callable[[T_contra], None]
"""Raises if the current version is not the one that the caller read (If-Match, or a form)."""


def any_version(_: object) -> None:
    """Accepts every version."""
