"""Errors as HTTP problems (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson

from tenantry.http.failures import INTERNAL_ERROR, failure_of, status_of
from tenantry.http.response import Header, Reply
from tenantry.kit.refusals import Invalid, Refusal
from tenantry.postgres.failures import LOCKED, OVERLOADED, UNAVAILABLE, Cause

PROBLEM_JSON = b"application/problem+json"

_DETAILS: dict[Cause, str] = {
    UNAVAILABLE: "The service cannot reach its database at the moment. Try again shortly.",
    OVERLOADED: "The service is overloaded at the moment. Try again shortly.",
    LOCKED: "Other changes to the same data are still in progress. Try again shortly.",
}


def reply_to(error: Exception, request_id: str) -> Reply:
    """The response to any error; an unexpected one reveals nothing and is logged."""
    failure = failure_of(error, request_id)
    headers: list[Header] = [
        (b"content-type", PROBLEM_JSON),
        (b"cache-control", b"no-store"),
        *failure.headers,
    ]
    if isinstance(error, Refusal):
        problem = problem_of(error, request_id)
        if failure.status == 401:
            details = b' error="invalid_token"' if error.code == "invalid_token" else b""
            headers.append((b"www-authenticate", b"Bearer" + details))
    elif failure.cause is not None:
        problem = _body(503, failure.cause.code, _DETAILS[failure.cause], request_id)
    else:
        detail = "Something went wrong on our side. Quote the request ID when you report it."
        problem = _body(500, INTERNAL_ERROR, detail, request_id)
    return Reply(failure.status, orjson.dumps(problem), headers)


def problem_of(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """A refusal as a problem inside another response."""
    errors = {"errors": refusal.errors} if isinstance(refusal, Invalid) else {}
    problem = _body(status_of(refusal), refusal.code, str(refusal), request_id)
    return {**problem, **refusal.extra, **errors}


def _body(status: int, code: str, detail: str, request_id: str) -> dict[str, Any]:
    return {
        # There is no page for each problem, so the type says no more than the status (RFC 9457,
        # section 4.2.1); programs use `code`.
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
