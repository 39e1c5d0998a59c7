"""ETags and conditional requests (RFC 9110, section 13)."""

import re
from hashlib import blake2b

from tenantry.http.failures import PreconditionFailed
from tenantry.http.request import Request

# Compressing proxies change our tags: nginx and HAProxy weaken them, Apache adds a suffix. The
# version is the same, so each of these forms is accepted as ours.
_OURS = re.compile(rb'(?:W/)?("[0-9a-f]{24})(?:-(?:gzip|br|zstd|deflate))?"')


def etag(body: bytes) -> bytes:
    """A strong validator of exactly these bytes."""
    return b'"' + blake2b(body, digest_size=12).hexdigest().encode() + b'"'


def is_unchanged(request: Request, tag: bytes) -> bool:
    """Whether the caller already has these bytes, so the response is 304 (If-None-Match)."""
    given = request.headers.get(b"if-none-match")
    if given is None:
        return False
    return given.strip() == b"*" or tag in _tags(given)


def ensure_match(request: Request, tag: bytes) -> None:
    """PreconditionFailed if If-Match names another version.

    RFC 9110 compares strongly here, which would refuse our own tag behind a proxy that compresses.
    """
    given = request.headers.get(b"if-match")
    if given is not None and given.strip() != b"*" and tag not in _tags(given):
        raise PreconditionFailed


def _tags(header: bytes) -> list[bytes]:
    """The tags in a header that may be ours, in their original form."""
    found = (_OURS.fullmatch(each.strip()) for each in header.split(b","))
    return [match[1] + b'"' for match in found if match is not None]
