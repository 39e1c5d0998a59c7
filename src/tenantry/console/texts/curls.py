"""The API call that corresponds to a page, as a curl command."""

import shlex
from collections.abc import Mapping
from typing import Any

import orjson


def curl(
    base_url: str,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    if_match: bool = False,
) -> str:
    """The command; `path` is what follows /api/v1, and the token is the shell's variable TOKEN.

    `if_match` is for calls that need a version: it is the shell's variable ETAG.
    """
    url = shlex.quote(f"{base_url}/api/v1{path}")
    lines = [f"curl {url}" if method == "GET" else f"curl -X {method} {url}"]
    lines.append('-H "Authorization: Bearer $TOKEN"')
    if if_match:
        lines.append('-H "If-Match: $ETAG"')
    if body is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {shlex.quote(orjson.dumps(body).decode())}")
    return " \\\n  ".join(lines)
