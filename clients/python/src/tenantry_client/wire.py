"""From a call to a request, and from a response to what it says: the same for both clients."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2

from tenantry_client.problems import Problem, problem_of
from tenantry_client.sending import Call

ATTEMPTS = 4
"""How often a call is sent at most, where it may be sent again at all."""
_FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

Token = str | Callable[[], str] | None
"""A bearer token, or what gives the present one each time; None sends none."""


class Answer(dict[str, Any]):
    """A resource, as the server sent it."""

    etag: str | None = None


def etag_of(resource: Any) -> str | None:
    """The version of a resource that a call gave, for `if_match`; None where it has none."""
    return getattr(resource, "etag", None)


def request_of(call: Call, base_url: str, token: Token) -> httpx2.Request:
    """The request of a call. Where it may be repeated, it is known by its Idempotency-Key."""
    headers = {"accept": "application/json"}
    bearer = token() if callable(token) else token
    if bearer is not None:
        headers["authorization"] = f"Bearer {bearer}"
    if call.if_match is not None:
        headers["if-match"] = call.if_match
    if call.keyed:
        headers["idempotency-key"] = call.key or str(uuid4())
    return httpx2.Request(
        call.method,
        base_url + call.path,
        params=dict(call.query) or None,
        json=call.json,
        data=dict(call.form) if call.form is not None else None,
        headers=headers,
    )


def read(response: httpx2.Response) -> Any:
    """What an answer says. Problem where it is a refusal."""
    if response.status_code >= 400:
        raise _problem(response)
    if not response.content:
        return None
    answer = Answer(response.json())
    answer.etag = response.headers.get("etag")
    return answer


def _problem(response: httpx2.Response) -> Problem:
    try:
        told: dict[str, Any] = dict(response.json())
    except (ValueError, TypeError):  # a proxy's own page
        told = {}
    retry_after = _seconds(response.headers.get("retry-after", ""))
    return problem_of(response.status_code, told, retry_after)


def _seconds(said: str) -> float | None:
    return float(said) if said.isdecimal() else None


def pause_before(attempt: int, failure: Exception, call: Call) -> float | None:
    """How many seconds to wait before a call is sent again; None where it is not.

    Sent again is what never arrived, and of what may be repeated, what Tenantry was away for. What
    may have been done already, and cannot be known again, is not.
    """
    if attempt >= ATTEMPTS:
        return None
    if isinstance(failure, httpx2.ConnectError | httpx2.ConnectTimeout):
        return _FIRST_PAUSE * 2 ** (attempt - 1)
    if not (call.repeatable or call.keyed):
        return None
    if isinstance(failure, httpx2.TransportError):
        return _FIRST_PAUSE * 2 ** (attempt - 1)
    if isinstance(failure, Problem) and failure.status == 503:
        asked = failure.retry_after if failure.retry_after is not None else _FIRST_PAUSE
        return asked if asked <= LONGEST_PAUSE else None
    return None
