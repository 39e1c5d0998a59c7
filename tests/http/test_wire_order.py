"""Which refusal comes first: 401, then 413, 415, 400, then 404, 403, 422, 412, 409.

Each test makes a request that is wrong in two ways, and looks which of them is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import API, ORGANIZATIONS
from tests.support.cast import Cast, Player

ORDER = [401, 413, 415, 400, 404, 403, 422, 412, 409]


@dataclass
class Sent:
    """A change of Acme by Alice, as good as can be, until it is spoiled."""

    cast: Cast
    path: str = ""
    who: Player | None = None
    body: dict[str, Any] = field(default_factory=lambda: {"name": "Renamed"})
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def request(self, api: httpx2.AsyncClient) -> httpx2.Request:
        who = (self.who or self.cast.alice).headers if "Authorization" not in self.headers else {}
        body: Any = {"json": self.body} if self.content is None else {"content": self.content}
        return api.build_request(
            "PATCH", self.path or self.cast.acme_path, headers={**who, **self.headers}, **body
        )


def _unknown_token(sent: Sent) -> None:
    sent.headers["Authorization"] = "Bearer nonsense"


def _too_large(sent: Sent) -> None:
    sent.content = b" " * (1024 * 1024 + 1)


def _other_format(sent: Sent) -> None:
    sent.headers["Content-Type"] = "text/plain"


def _unreadable(sent: Sent) -> None:
    sent.content = b"{" if sent.content is None else sent.content


def _unknown(sent: Sent) -> None:
    sent.path = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, new_id())}"


def _not_permitted(sent: Sent) -> None:
    sent.who = sent.cast.vera


def _not_acceptable(sent: Sent) -> None:
    sent.body["name"] = ""


def _of_another_version(sent: Sent) -> None:
    sent.headers["If-Match"] = '"another"'


def _taken(sent: Sent) -> None:
    sent.body["slug"] = sent.cast.bobs.organization.slug


SPOILED: dict[int, Callable[[Sent], None]] = {
    401: _unknown_token,
    413: _too_large,
    415: _other_format,
    400: _unreadable,
    404: _unknown,
    403: _not_permitted,
    422: _not_acceptable,
    412: _of_another_version,
    409: _taken,
}
PAIRS = [(first, second) for first in ORDER for second in ORDER if first != second]


async def test_each_by_itself_is_what_it_claims_to_be(api: httpx2.AsyncClient, cast: Cast) -> None:
    for status, spoil in SPOILED.items():
        sent = Sent(cast)
        spoil(sent)
        assert (await api.send(sent.request(api))).status_code == status
    assert (await api.send(Sent(cast).request(api))).status_code == 200


async def test_of_two_the_first_in_order_is_told(api: httpx2.AsyncClient, cast: Cast) -> None:
    for first, second in PAIRS:
        sent = Sent(cast)
        SPOILED[first](sent)
        SPOILED[second](sent)
        answer = await api.send(sent.request(api))
        assert answer.status_code == min(first, second, key=ORDER.index), (first, second)


async def test_all_of_them_at_once_are_told_one_by_one(api: httpx2.AsyncClient, cast: Cast) -> None:
    for number, status in enumerate(ORDER):
        sent = Sent(cast)
        for wrong in ORDER[number:]:
            SPOILED[wrong](sent)
        assert (await api.send(sent.request(api))).status_code == status


@pytest.mark.parametrize("path", ["members/invite", "workspaces"])
async def test_a_bad_key_is_told_before_what_exists(
    api: httpx2.AsyncClient, cast: Cast, path: str
) -> None:
    headers = {"Idempotency-Key": "with a space"}
    for who in (cast.alice, cast.vera, cast.charlie):
        answer = await api.post(
            f"{cast.acme_path}/{path}", json={}, headers={**who.headers, **headers}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_header")
    no_one = await api.post(f"{cast.acme_path}/{path}", json={}, headers=headers)
    assert no_one.status_code == 401


async def test_a_wrong_query_is_told_only_to_who_may_read(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    events = f"{cast.acme_path}/events?limit=0"

    statuses = [
        (await api.get(events, headers=headers)).status_code
        for headers in ({}, cast.charlie.headers, cast.vera.headers, cast.alice.headers)
    ]

    assert statuses == [401, 404, 403, 422]


async def test_whose_session_is_over_learns_nothing_of_their_body(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await api.post(f"{API}/auth/sign-out", headers=cast.alice.headers)
    for status in (413, 415, 400, 404, 422):
        sent = Sent(cast)
        SPOILED[status](sent)
        assert (await api.send(sent.request(api))).status_code == 401


async def test_whose_session_is_over_learns_nothing_of_their_query_or_check(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await api.post(f"{API}/auth/sign-out", headers=cast.alice.headers)
    members, mine = f"{cast.acme_path}/members", f"{API}/me"
    reads = [f"{members}?limit=0", f"{members}/mem_x", f"{mine}?a=b", f"{mine}/sessions?limit=0"]
    for path in reads:
        assert (await api.get(path, headers=cast.alice.headers)).status_code == 401, path

    for call in ("check", "check/batch", "check?a=b", "auth/password/change"):
        for content, media_type in (
            (b" " * (1024 * 1024 + 1), "application/json"),
            (b"{}", "text/plain"),
            (b"{", "application/json"),
            (b"{}", "application/json"),
        ):
            headers = {**cast.alice.headers, "Content-Type": media_type}
            answer = await api.post(f"{API}/{call}", content=content, headers=headers)
            assert answer.status_code == 401, (call, media_type, len(content))
