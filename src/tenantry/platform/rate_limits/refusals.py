"""Refuses operations that exceeded their limit a moment ago, without a query."""

from time import monotonic

_MOST = 10_000


class Refusals:
    """The full counts that this process knows, and when they are empty.

    Operations only raise a count, and only time lowers it: so a count that exceeds its rate by the
    values here certainly exceeds it.
    """

    def __init__(self) -> None:
        self._empty_at = dict[bytes, float]()

    @property
    def are_any(self) -> bool:
        return bool(self._empty_at)

    def remember(self, key: bytes, seconds: float) -> None:
        """Remember that this count is empty after `seconds`, and not earlier."""
        self._empty_at.pop(key, None)
        if len(self._empty_at) >= _MOST:
            del self._empty_at[next(iter(self._empty_at))]
        self._empty_at[key] = monotonic() + seconds

    def seconds(self, key: bytes) -> float:
        """Seconds until this count is empty; 0 if that is not known."""
        return max(0.0, self._empty_at.get(key, 0.0) - monotonic())
