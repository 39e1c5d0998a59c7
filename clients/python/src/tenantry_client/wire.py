"""From a call to a request, and from a response to what it says: the same for both clients."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2

from tenantry_client.problems import Misconfigured, Problem, problem_of
from tenantry_client.sending import ApiCall

Token = str | Callable[[], str] | None
"""A bearer token, or what gives the present one each time; None sends none."""


class ResponseBody(dict[str, Any]):
    """A resource, as the server sent it."""

    etag: str | None = None


def etag_of(resource: Any) -> str | None:
    """The version of a resource that a call gave, for `if_match`; None where it has none."""
    return getattr(resource, "etag", None)


def request_of(call: ApiCall, base_url: str, token: Token) -> httpx2.Request:
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
    """The content of a response. Problem if it is a refusal; Misconfigured if it does not come from
    Tenantry."""
    if response.status_code >= 400:
        raise _problem(response)
    if response.is_redirect:
        raise Misconfigured(
            f"{response.url} redirects to {response.headers['location']!r}: pass Tenantry's own"
            " address as the base URL."
        )
    if not response.content:
        return None
    try:
        answer = ResponseBody(response.json())
    except (ValueError, TypeError) as broken:
        raise Misconfigured(
            f"{response.url} does not answer in JSON: pass Tenantry's address as the base URL."
        ) from broken
    answer.etag = response.headers.get("etag")
    return answer


def base_url_of(text: str) -> str:
    """The address without a trailing slash. ValueError if it is malformed."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an address such as https://tenantry.example.com")
    return text.rstrip("/")


def _problem(response: httpx2.Response) -> Problem:
    try:
        told: dict[str, Any] = dict(response.json())
    except (ValueError, TypeError):  # a proxy's own page
        told = {}
    retry_after = _seconds(response.headers.get("retry-after", ""))
    return problem_of(response.status_code, told, retry_after)


def _seconds(said: str) -> float | None:
    return float(said) if said.isdecimal() else None
