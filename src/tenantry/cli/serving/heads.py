"""The rules for a request's head: its size, its number of headers, and its Host."""

import re
from collections.abc import Sequence

from tenantry.http.failures import BadHeader, HeadTooLarge
from tenantry.kit.refusals import Refusal

LARGEST_HEAD = 32 * 1024
"""Bytes of target, names and values together."""
MOST_HEADERS = 100

_HOST = re.compile(rb'[^\s/?#@<>"\\^`{|}]*')


def fault_of(target: bytes, headers: Sequence[tuple[bytes, bytes]], version: str) -> Refusal | None:
    """Why a request with this head is refused; None if it is not."""
    if is_too_large(len(target), headers):
        return HeadTooLarge()
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1 and (hosts or version == "1.1"):
        return BadHeader("An HTTP/1.1 request has exactly one Host header (RFC 9112, section 3.2).")
    if hosts and _HOST.fullmatch(hosts[0]) is None:
        return BadHeader("The Host header is not a host name with an optional port.")
    return None


def is_too_large(target: int, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether a head exceeds the limits; `target` is the length of its target."""
    if len(headers) > MOST_HEADERS:
        return True
    return target + sum([len(name) + len(value) for name, value in headers]) > LARGEST_HEAD
