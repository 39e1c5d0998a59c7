"""What was refused a moment ago is refused again without asking the database."""

from time import monotonic

_MOST = 10_000


class Refusals:
    """How full the counts are that turned something away, as far as this process was told.

    A count only ever gets fuller than it was seen, and less full as time passes: so what is beyond
    its rate by what is remembered here is beyond it.
    """

    def __init__(self) -> None:
        self._empty_at = dict[bytes, float]()

    @property
    def are_any(self) -> bool:
        """Whether anything is remembered."""
        return bool(self._empty_at)

    def remember(self, key: bytes, seconds: float) -> None:
        """Nothing of this count counts any more in so many seconds, and not before."""
        self._empty_at.pop(key, None)
        if len(self._empty_at) >= _MOST:
            del self._empty_at[next(iter(self._empty_at))]
        self._empty_at[key] = monotonic() + seconds

    def seconds(self, key: bytes) -> float:
        """Seconds until nothing of this count counts any more; 0 where that is not known."""
        return max(0.0, self._empty_at.get(key, 0.0) - monotonic())
