"""A refusal, or a failure, as an HTTP problem (RFC 9457). The only place that knows statuses."""

import logging
from http import HTTPStatus
from typing import Any

import orjson

from tenantry.credentials.tokens.key_sets import IssuerUnavailable
from tenantry.http.request import PayloadTooLarge, RequestTimeout
from tenantry.http.response import Header, Reply
from tenantry.http.strict_json import MalformedJson
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
from tenantry.postgres.failures import LOCKED, OVERLOADED, UNAVAILABLE, Cause, cause_of, describe

log = logging.getLogger("tenantry.api")

PROBLEM_JSON = b"application/problem+json"


class MethodNotAllowed(Refusal):
    """The path is there, the method is not one of its own."""

    code = "method_not_allowed"
    detail = "This path does not take that method; the Allow header names those that it takes."


class UnsupportedMediaType(Refusal):
    """The body is in a format that the call does not take."""

    code = "unsupported_media_type"


class PreconditionFailed(Refusal):
    """The resource is not any more what If-Match says."""

    code = "precondition_failed"
    detail = "The resource was changed in the meantime; read it again."


class PreconditionRequired(Refusal):
    """The call changes what others may change too, so it must say which version it means."""

    code = "precondition_required"
    detail = "Send If-Match with the ETag of what you change."


class HeadTooLarge(Refusal):
    """The headers are larger than anything that could be meant."""

    code = "headers_too_large"
    detail = "A request has at most 100 headers, and with its target 32 KiB of them."


class MalformedRequest(Refusal):
    """The bytes are not an HTTP/1.1 request (RFC 9112)."""

    code = "malformed_request"
    detail = "The request is not valid HTTP/1.1."


class BadHeader(Refusal):
    """A header has a value that it cannot have."""

    code = "invalid_header"


class KeyReused(Refusal):
    """An Idempotency-Key came again with another request."""

    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was used for another request before."


_DETAILS: dict[Cause, str] = {
    UNAVAILABLE: "The service cannot reach its database at the moment. Try again shortly.",
    OVERLOADED: "The service has more to do than it can at the moment. Try again shortly.",
    LOCKED: "Other changes to the same data are still under way. Try again shortly.",
}

# From the particular to the general: the first that fits counts.
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
    (MalformedJson, 400),
    (BadHeader, 400),
    (MalformedRequest, 400),
    (IssuerUnavailable, 503),
    (Overloaded, 503),
)


def reply_to(failure: Exception, request_id: str) -> Reply:
    """The answer to whatever went wrong; an unknown error reveals nothing and is logged."""
    if isinstance(failure, Refusal):
        return _of_refusal(failure, request_id)
    cause = cause_of(failure)
    if cause is not None:
        extra = {"request_id": request_id, "reason": cause.code}
        log.warning("%s: %s", cause.code, describe(failure), extra=extra)
        later = b"retry-after", str(cause.retry_after).encode()
        return _problem(503, cause.code, _DETAILS[cause], request_id, headers=[later])
    log.error("unexpected failure", exc_info=failure, extra={"request_id": request_id})
    detail = "Something went wrong on our side; the request id helps to find out what."
    return _problem(500, "internal_error", detail, request_id)


def outcome_of(failure: Exception) -> str:
    """What is counted and logged of a failure: the code of a refusal, or what kind of failure."""
    if isinstance(failure, Refusal):
        return failure.code
    cause = cause_of(failure)
    return cause.code if cause else "internal_error"


def status_of(refusal: Refusal) -> int:
    """The HTTP status that a refusal is told with."""
    for kind, status in _STATUSES:
        if isinstance(refusal, kind):
            return status
    raise LookupError(f"{type(refusal).__name__} has no status")


def retry_after(refusal: TooManyRequests) -> Header:
    """When the same may be tried again (RFC 9110, section 10.2.3)."""
    return b"retry-after", str(refusal.retry_after).encode()


def problem_of(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """A refusal as a problem inside another response."""
    extra = dict(refusal.extra)
    if isinstance(refusal, Invalid):
        extra["errors"] = refusal.errors
    return _body(status_of(refusal), refusal.code, str(refusal), request_id, extra)


def _of_refusal(refusal: Refusal, request_id: str) -> Reply:
    status, headers = status_of(refusal), list[Header]()
    if status == 401:
        challenge = (
            b'Bearer error="invalid_token"' if refusal.code == "invalid_token" else b"Bearer"
        )
        headers.append((b"www-authenticate", challenge))
    if isinstance(refusal, TooManyRequests):
        headers.append(retry_after(refusal))
    if status == 503:
        headers.append((b"retry-after", b"5"))
    if status == 415:
        headers.append((b"accept-encoding", b"identity"))  # RFC 9110, section 12.5.3
    if status in (408, 413):
        # The rest of the body is not read, so nothing else can come behind it.
        headers.append((b"connection", b"close"))
    return _reply(problem_of(refusal, request_id), headers)


def _problem(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    *,
    headers: list[Header] | None = None,
) -> Reply:
    return _reply(_body(status, code, detail, request_id, {}), headers or [])


def _body(
    status: int, code: str, detail: str, request_id: str, extra: dict[str, Any]
) -> dict[str, Any]:
    return {
        # We have no page for each problem, so the type says no more than the status does
        # (RFC 9457, section 4.2.1); `code` is what programs look at.
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **extra,
    }


def _reply(problem: dict[str, Any], headers: list[Header]) -> Reply:
    return Reply(
        problem["status"],
        orjson.dumps(problem),
        [(b"content-type", PROBLEM_JSON), (b"cache-control", b"no-store"), *headers],
    )
