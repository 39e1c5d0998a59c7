"""Values to bytes: the one way in which the API writes JSON."""

from typing import Any

import orjson


def encode(view: Any) -> bytes:
    """JSON in UTF-8; times in UTC with `Z` (RFC 3339)."""
    return orjson.dumps(view, option=orjson.OPT_UTC_Z)
