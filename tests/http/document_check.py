"""Every answer that a test of the API is given, held against what is documented of the call."""

from functools import cache
from typing import Any, cast

import httpx2
from tools.openapi import description

from tenantry.api.routes import OPERATIONS
from tenantry.api.routing.operations import Operation
from tenantry.api.routing.route_table import RouteTable

# What can be said to any request, before it is known which call it makes.
_TO_ANY_REQUEST = {405, 408, 431}
_PROBLEM = {"type", "title", "status", "detail", "code", "request_id"}
_OAUTH = {"error", "error_description", "request_id"}


@cache
def _documented() -> dict[str, Any]:
    return description.document(OPERATIONS)["paths"]


class Witness:
    """Looks at answers as they come in, and fails where one is not what was promised."""

    def __init__(self) -> None:
        self._paths = _documented()
        self._table = RouteTable(OPERATIONS)

    async def __call__(self, answer: httpx2.Response) -> None:
        """See one answer."""
        await answer.aread()
        assert answer.headers["x-request-id"]
        # Proxies take 4 kB of headers by default, and turn what has more into 502.
        assert sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) < 2_000
        operation = self._operation(answer.request)
        if operation is None or answer.status_code in _TO_ANY_REQUEST:
            return
        documented = self._paths[operation.path][operation.method.lower()]["responses"]
        assert str(answer.status_code) in documented, f"{operation.id}: {answer.status_code}"
        if answer.request.method != "HEAD":
            self._see_body(operation, answer)

    def _operation(self, request: httpx2.Request) -> Operation | None:
        match = self._table.match(request.url.path)
        method = "GET" if request.method == "HEAD" else request.method
        return match.operations.get(method) if match else None

    def _see_body(self, operation: Operation, answer: httpx2.Response) -> None:
        if answer.status_code >= 400:
            _see_problem(operation, answer)
        elif operation.result is None or answer.status_code == 304:
            assert answer.content == b""
        else:
            assert answer.headers["content-type"] == "application/json"
            shown = operation.adapter.validate_python(answer.json())
            # What the type does not know is gone by now, so a member too many is seen here.
            dumped = operation.adapter.dump_python(shown, mode="json")
            assert _with_plain_problems(dumped) == _with_plain_problems(answer.json())


def _with_plain_problems(value: Any) -> Any:
    """The same without what each kind of problem adds (RFC 9457, section 3.2)."""
    if isinstance(value, list):
        return [_with_plain_problems(each) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    kept = members.keys() & _PROBLEM if members.keys() >= _PROBLEM else members.keys()
    return {key: _with_plain_problems(members[key]) for key in members if key in kept}


def _see_problem(operation: Operation, answer: httpx2.Response) -> None:
    told = answer.json()
    if operation.form and "error" in told:
        assert answer.headers["content-type"] == "application/json"
        assert set(told) == _OAUTH
        return
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) >= _PROBLEM
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["x-request-id"]
    assert ("errors" in told) == (answer.status_code == 422 and told["code"] != KEY_REUSED)


KEY_REUSED = "idempotency_key_reused"
