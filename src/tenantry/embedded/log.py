"""The log of the embedded PostgreSQL."""

import os
from pathlib import Path

LONGEST = 1_000_000
"""Bytes after which the next start begins a new log, and keeps this one as `….1`."""


class Log:
    """One file for all output of PostgreSQL, and the place where this start began in it."""

    def __init__(self, path: Path) -> None:
        """Open it for adding; only its owner may read it."""
        self.path = path
        if path.exists() and path.stat().st_size > LONGEST:
            path.replace(path.with_name(f"{path.name}.1"))
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self.descriptor = os.open(path, flags, 0o600)
        self._began = os.fstat(self.descriptor).st_size

    def said(self) -> str:
        """What was added since it was opened."""
        return os.pread(self.descriptor, LONGEST, self._began).decode(errors="replace")

    def close(self) -> None:
        os.close(self.descriptor)
