"""What the services are asked: requests that every product makes all day."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.population import ADMIN, ORGANIZATION, WORKSPACE, WORKSPACES, callers, seats
from bench.services import Service
from bench.tokens import Issuer

BASE = "/api/v1/organizations"
TOKEN = "SUBJECT"
"""In a form, the place of the caller's token."""


class Workload(NamedTuple):
    """One kind of request; `paths` gives every path that one user asks for."""

    name: str
    body: str
    """Which body rotate.lua makes: `none` for a GET."""
    paths: Callable[[Service, int], Iterator[str]]
    sent: Callable[[Service, int], Iterator[str]] | None = None
    """The body that goes to each path, where they differ: a question of its own each, in JSON, or a
    form, in which TOKEN is replaced by the caller's token."""


def _workspace(service: Service, user: int) -> Iterator[str]:
    for seat in seats(user):
        for number in range(seat.org * WORKSPACES, (seat.org + 1) * WORKSPACES):
            workspace = service.id(WORKSPACE, number)
            yield f"{BASE}/{service.id(ORGANIZATION, seat.org)}/workspaces/{workspace}"


def _in_each(ending: str) -> Callable[[Service, int], Iterator[str]]:
    def paths(service: Service, user: int) -> Iterator[str]:
        for seat in seats(user):
            yield f"{BASE}/{service.id(ORGANIZATION, seat.org)}/{ending}"

    return paths


def _collection(_service: Service, _user: int) -> Iterator[str]:
    yield BASE


def _invite(service: Service, user: int) -> Iterator[str]:
    yield f"{BASE}/{service.id(ORGANIZATION, user)}/members/invite"


def _questions(service: Service, user: int) -> Iterator[dict[str, str]]:
    for seat in seats(user):
        for number in range(seat.org * WORKSPACES, (seat.org + 1) * WORKSPACES):
            for permission in ADMIN:
                yield {
                    "organization_id": service.id(ORGANIZATION, seat.org),
                    "workspace_id": service.id(WORKSPACE, number),
                    "permission": permission,
                }


def _one_question(service: Service, user: int) -> Iterator[str]:
    yield from map(json.dumps, itertools.islice(_questions(service, user), 0, None, 17))


def _thousand_questions(service: Service, user: int) -> Iterator[str]:
    if user in callers()[:20]:
        cycled = itertools.cycle(_questions(service, user))
        yield json.dumps({"checks": list(itertools.islice(cycled, 1000))})


def _exchanges(service: Service, user: int) -> Iterator[str]:
    for seat in seats(user):
        for number in range(seat.org * WORKSPACES, (seat.org + 1) * WORKSPACES):
            yield urlencode(
                {
                    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                    "subject_token": TOKEN,
                    "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                    "organization": service.id(ORGANIZATION, seat.org),
                    "workspace": service.id(WORKSPACE, number),
                }
            )


def _to(path: str, sent: Callable[[Service, int], Iterator[str]]) -> Any:
    return lambda service, user: (path for _ in sent(service, user))


WORKLOADS = [
    Workload("check", "none", _to("/api/v1/check", _one_question), _one_question),
    Workload(
        "check batch of 1,000",
        "none",
        _to("/api/v1/check/batch", _thousand_questions),
        _thousand_questions,
    ),
    Workload("token exchange", "none", _to("/api/v1/auth/token", _exchanges), _exchanges),
    Workload("read one workspace", "none", _workspace),
    Workload("list my organizations", "none", _collection),
    Workload("list workspaces", "none", _in_each("workspaces")),
    Workload("list roles", "none", _in_each("roles")),
    Workload("create organization", "organization", _collection),
    Workload("invite", "invitation", _invite),
]

CHECKS = {"check", "check batch of 1,000"}
OURS_ALONE = {"token exchange"}
ANSWERED_BY_LIMIT = {"read one workspace", "create organization", *CHECKS}


def answered_by(service: Service, workload: Workload) -> bool:
    """The limit has four routes; the usual way has none to ask for access, and neither has tokens
    for other services."""
    if service.name == "usual":
        return workload.name not in CHECKS | OURS_ALONE
    return service.name != "limit" or workload.name in ANSWERED_BY_LIMIT


def write_targets(service: Service, issuer: Issuer, workload: Workload, folder: Path) -> Path:
    """Lines `path<TAB>token` for rotate.lua: some 200 callers, shuffled the same way for all."""
    tokens = {user: service.token(issuer, user) for user in callers()}
    lines = [
        f"{path}\t{token}\t{body.replace(TOKEN, token)}".rstrip("\t")
        for user, token in tokens.items()
        for path, body in zip(
            workload.paths(service, user),
            workload.sent(service, user) if workload.sent else itertools.repeat(""),
            strict=False,
        )
    ]
    random.Random(1).shuffle(lines)
    file = folder / f"{service.name}-{workload.name.replace(' ', '-')}.txt"
    file.write_text("\n".join(lines) + "\n")
    return file


BODIES: dict[str, dict[str, str]] = {
    "organization": {"name": "Probe", "slug": "probe-{0}"},
    "invitation": {"email": "probe-{0}@example.com"},
}
_number = itertools.count(1)


def probe(service: Service, workload: Workload, targets: Path) -> None:
    """Ask once and look at the answer: a fast refusal is no achievement. SystemExit if wrong."""
    path, token, *body = targets.read_text().split("\n", 1)[0].split("\t")
    if body:
        (_probe_check if body[0].startswith("{") else _probe_exchange)(
            service, path, token, body[0]
        )
        return
    template = BODIES.get(workload.body)
    number = f"{service.name}-{next(_number)}"
    sent = template and json.dumps({k: v.format(number) for k, v in template.items()})
    status, answer = ask(service, path, token, sent)
    items = answer.get("data", [answer])
    expected = 5 if workload.name == "list my organizations" else 2 if "workspaces" in path else 3
    enough = len(items) >= expected if "data" in answer else bool(answer.get("id"))
    if status != (201 if sent else 200) or not enough:
        raise SystemExit(f"{service.name}, {workload.name}: {status} {json.dumps(answer)[:400]}")


def _probe_check(service: Service, path: str, token: str, body: str) -> None:
    status, answer = ask(service, path, token, body)
    results = answer.get("results", [answer])
    wanted = len(json.loads(body).get("checks", [0]))
    if status != 200 or len(results) != wanted or not any(each["allowed"] for each in results):
        raise SystemExit(f"{service.name}, {path}: {status} {json.dumps(answer)[:400]}")


def _probe_exchange(service: Service, path: str, token: str, body: str) -> None:
    status, answer = ask(service, path, token, body)
    if status != 200 or answer["access_token"] == token or answer["expires_in"] != 300:
        raise SystemExit(f"{service.name}, {path}: {status} {json.dumps(answer)[:400]}")


def ask(service: Service, path: str, token: str, body: str | None) -> tuple[int, Any]:
    """One request by one caller; status and JSON."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10)
    is_form = body is not None and not body.startswith("{")
    sent_as = "application/x-www-form-urlencoded" if is_form else "application/json"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": sent_as}
    connection.request("POST" if body else "GET", path, body, headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read() or b"{}")
