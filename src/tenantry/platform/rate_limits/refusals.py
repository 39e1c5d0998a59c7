"""Refuses again what was refused a moment ago, without asking the database."""

from time import monotonic

_MOST = 10_000


class Refusals:
    """The full counts that this process knows of, and when they are empty.

    Acts only make a count fuller, and only time empties it: so if it exceeds its rate by what is
    remembered here, it does.
    """

    def __init__(self) -> None:
        self._empty_at = dict[bytes, float]()

    @property
    def are_any(self) -> bool:
        return bool(self._empty_at)

    def remember(self, key: bytes, seconds: float) -> None:
        """Remember that this count is empty in so many seconds, and not earlier."""
        self._empty_at.pop(key, None)
        if len(self._empty_at) >= _MOST:
            del self._empty_at[next(iter(self._empty_at))]
        self._empty_at[key] = monotonic() + seconds

    def seconds(self, key: bytes) -> float:
        """Seconds until this count is empty; 0 if that is not known."""
        return max(0.0, self._empty_at.get(key, 0.0) - monotonic())
