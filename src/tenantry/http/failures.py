"""The HTTP status and headers of each error, for problems and pages. Only this module knows
statuses."""

import logging
from typing import NamedTuple

from tenantry.credentials.tokens.key_sets import IssuerUnavailable
from tenantry.http.request import PayloadTooLarge, RequestTimeout
from tenantry.http.response import Header
from tenantry.kit.bounded_executor import Overloaded
from tenantry.kit.refusals import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    Refusal,
    TooManyRequests,
    Unauthenticated,
)
from tenantry.platform.idempotency.model import KeyReused
from tenantry.postgres.failures import Cause, cause_of, describe

log = logging.getLogger("tenantry.http")

INTERNAL_ERROR = "internal_error"


class MethodNotAllowed(Refusal):
    code = "method_not_allowed"
    detail = "This path does not support this method; see the Allow header."


class MalformedBody(Refusal):
    """The body is malformed or ambiguous."""


class UnsupportedMediaType(Refusal):
    code = "unsupported_media_type"


class PreconditionFailed(Refusal):
    code = "precondition_failed"
    detail = "The resource has changed in the meantime. Read it again."


class PreconditionRequired(Refusal):
    """The call changes a resource that others may change too, so it must name a version."""

    code = "precondition_required"
    detail = "Send If-Match with the ETag of the resource you are changing."


class HeadTooLarge(Refusal):
    code = "headers_too_large"
    detail = "A request may have at most 100 headers, and 32 KiB of headers and target together."


class MalformedRequest(Refusal):
    code = "malformed_request"
    detail = "The request is not valid HTTP/1.1."


class BadHeader(Refusal):
    code = "invalid_header"


# From the specific to the general: the first match counts.
_STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (MethodNotAllowed, 405),
    (RequestTimeout, 408),
    (Conflict, 409),
    (Gone, 410),
    (PreconditionFailed, 412),
    (PayloadTooLarge, 413),
    (UnsupportedMediaType, 415),
    (Invalid, 422),
    (KeyReused, 422),
    (PreconditionRequired, 428),
    (TooManyRequests, 429),
    (HeadTooLarge, 431),
    (MalformedBody, 400),
    (BadHeader, 400),
    (MalformedRequest, 400),
    (IssuerUnavailable, 503),
    (Overloaded, 503),
)


class Failure(NamedTuple):
    status: int
    headers: list[Header]
    cause: Cause | None = None
    """Why the database failed, if it did."""


def failure_of(error: Exception, request_id: str) -> Failure:
    """The response to any error; an error that is not a refusal is logged."""
    if isinstance(error, Refusal):
        status = status_of(error)
        return Failure(status, _headers(error, status))
    cause = cause_of(error)
    if cause is None:
        log.error("unexpected failure", exc_info=error, extra={"request_id": request_id})
        return Failure(500, [])
    extra = {"request_id": request_id, "reason": cause.code}
    log.warning("%s: %s", cause.code, describe(error), extra=extra)
    return Failure(503, [(b"retry-after", str(cause.retry_after).encode())], cause)


def outcome_of(error: Exception) -> str:
    """The label of an error in metrics and logs: a refusal's code, or the kind of failure."""
    if isinstance(error, Refusal):
        return error.code
    cause = cause_of(error)
    return cause.code if cause else INTERNAL_ERROR


def status_of(refusal: Refusal) -> int:
    for kind, status in _STATUSES:
        if isinstance(refusal, kind):
            return status
    raise LookupError(f"{type(refusal).__name__} has no status")


def retry_after(refusal: TooManyRequests) -> Header:
    """When to try again (RFC 9110, section 10.2.3)."""
    return b"retry-after", str(refusal.retry_after).encode()


def _headers(refusal: Refusal, status: int) -> list[Header]:
    if isinstance(refusal, TooManyRequests):
        return [retry_after(refusal)]
    if status == 503:
        return [(b"retry-after", b"5")]
    if status == 415:
        return [(b"accept-encoding", b"identity")]  # RFC 9110, section 12.5.3
    if status in (408, 413):
        # The rest of the body is not read, so no other request can follow on the connection.
        return [(b"connection", b"close")]
    return []
