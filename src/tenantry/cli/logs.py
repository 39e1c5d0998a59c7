"""Where what is logged goes: to stderr, a line a record."""

import logging
import os
import sys
from contextlib import suppress
from typing import Literal

from tenantry.http.logs import Format, OneLine, RequestLog
from tenantry.settings import Settings

Level = Literal["debug", "info", "warning", "error"]


def configure(settings: Settings, *, level: Level, form: Format) -> RequestLog | None:
    """Set logging up, `level` and `form` where none are set; from info on, what logs requests."""
    chosen_level, chosen_form = settings.log_level or level, settings.log_format or form
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(chosen_form))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)  # other libraries tell what they were given, below this
    logging.getLogger("tenantry").setLevel(chosen_level.upper())
    if chosen_level in ("debug", "info"):
        return RequestLog(chosen_form, _write, clients=settings.log_clients)
    return None


def _write(line: str) -> None:
    """To stderr, without the layers of logging: this is done for each request."""
    with suppress(OSError):  # an answer is not cut because nobody reads the log any more
        os.write(2, line.encode())
