"""How calm the machine is: the host takes CPU away, and so does whatever else runs beside us."""

import os
import time
from pathlib import Path

LIMIT = 0.15
"""A measurement during which more than this share of the CPU went elsewhere is made again."""


class Calm:
    """The share of the wanted CPU that went elsewhere since it was created."""

    def __init__(self) -> None:
        self._busy, self._stolen = _seconds()

    def disturbed(self, own: float) -> float:
        """CPU taken by the host or by others here, as a share of all; we spent `own` seconds."""
        busy, stolen = _seconds()
        busy, stolen = busy - self._busy, stolen - self._stolen
        wanted = busy + stolen
        return min(1.0, max(0.0, wanted - own) / wanted) if wanted else 0.0


def pause(attempt: int) -> None:
    """Leave the machine alone for a while before another attempt."""
    time.sleep(0.5 * attempt)


def _seconds() -> tuple[float, float]:
    """CPU seconds of all cores so far: spent by anybody here, and stolen by the host."""
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0]
    except OSError:  # not Linux: nothing is known about others
        return 0.0, 0.0
    tick = os.sysconf("SC_CLK_TCK")
    user, nice, system, _idle, _wait, irq, softirq, stolen = map(int, first.split()[1:9])
    return (user + nice + system + irq + softirq) / tick, stolen / tick
