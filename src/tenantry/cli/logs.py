"""Logging to stderr, one line per record."""

import logging
import os
import sys
from contextlib import suppress
from typing import Literal

from tenantry.http.observability.logs import Format, OneLine, RequestLog
from tenantry.settings import Settings

Level = Literal["debug", "info", "warning", "error"]


def configure(settings: Settings, *, level: Level, form: Format) -> RequestLog | None:
    """Set up logging, with `level` and `form` as defaults; the request log, from level info on."""
    chosen_level, chosen_form = settings.log_level or level, settings.log_format or form
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(chosen_form))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)  # below this level, other libraries log their input
    logging.getLogger("tenantry").setLevel(chosen_level.upper())
    if chosen_level in ("debug", "info"):
        return RequestLog(chosen_form, _write, clients=settings.log_clients)
    return None


def _write(line: str) -> None:
    """Write to stderr directly: this happens for each request."""
    with suppress(OSError):  # a request does not fail because the log is not read any more
        os.write(2, line.encode())
