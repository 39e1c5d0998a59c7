"""ETags and conditional requests (RFC 9110, section 13)."""

from hashlib import blake2b

from tenantry.api.problems import PreconditionFailed
from tenantry.web.requests import Request


def etag(body: bytes) -> bytes:
    """A strong validator: it names exactly these bytes."""
    return b'"' + blake2b(body, digest_size=12).hexdigest().encode() + b'"'


def is_unchanged(request: Request, tag: bytes) -> bool:
    """Whether the caller has these bytes already, so that 304 will do (If-None-Match)."""
    given = request.headers.get(b"if-none-match")
    if given is None:
        return False
    return given.strip() == b"*" or tag in _tags(given, weak=True)


def must_match(request: Request, tag: bytes) -> None:
    """PreconditionFailed where If-Match names another version; weak tags never match."""
    given = request.headers.get(b"if-match")
    if given is not None and given.strip() != b"*" and tag not in _tags(given, weak=False):
        raise PreconditionFailed


def _tags(header: bytes, *, weak: bool) -> list[bytes]:
    tags = [tag.strip() for tag in header.split(b",")]
    return [tag.removeprefix(b"W/") for tag in tags] if weak else tags
