"""Parameters in the query: those that a call knows, once each, and no others."""

import httpx2
import pytest

from tenantry.api.routes import OPERATIONS
from tenantry.api.routing.operations import Operation
from tenantry.http.access import Requirement
from tests.http.responses import API, ORGANIZATIONS, ids, path_of, pointers, told
from tests.support.cast import Cast

TAKE_NONE = [each for each in OPERATIONS if each.query is None and not each.form]


async def test_an_unknown_parameter_is_refused_by_name(api: httpx2.AsyncClient, cast: Cast) -> None:
    for query, named in (
        ("offset=5", "offset"),
        ("Limit=5", "Limit"),
        ("limit=5&page=2", "page"),
        ("x", "x"),
        ("%00=1", "\x00"),
    ):
        answer = await api.get(f"{ORGANIZATIONS}?{query}", headers=cast.alice.headers)
        assert pointers(answer) == [named]


@pytest.mark.parametrize("operation", TAKE_NONE, ids=lambda each: each.id)
async def test_a_call_that_takes_none_refuses_every_one(
    api: httpx2.AsyncClient, cast: Cast, operation: Operation
) -> None:
    caller = cast.olga if operation.access is Requirement.OPERATOR else cast.alice
    answer = await api.request(
        operation.method,
        path_of(operation, cast),
        params={"expand": "all"},
        headers=caller.headers,
        json={} if operation.body else None,
    )

    assert pointers(answer) == ["expand"]


async def test_a_parameter_that_is_given_twice_is_refused(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for query in ("limit=5&limit=5", "slug=a&slug=b", "order=asc&order=asc&limit=1"):
        answer = await api.get(f"{ORGANIZATIONS}?{query}", headers=cast.alice.headers)
        assert told(answer) == (422, "validation_failed")
        assert "twice" in answer.json()["errors"][0]["detail"]


async def test_a_query_that_cannot_be_read_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    many = "&".join(f"p{number}=" for number in range(100))
    for query in ("slug=%ff", "slug=%00", "slug=a%1Bb", "slug=%ed%a0%80", "slug=a%C2%85b", many):
        answer = await api.get(f"{ORGANIZATIONS}?{query}", headers=cast.alice.headers)
        assert told(answer) == (422, "validation_failed"), query


async def test_an_empty_query_is_none(api: httpx2.AsyncClient, cast: Cast) -> None:
    for path in (f"{API}/me?", f"{ORGANIZATIONS}?", f"{ORGANIZATIONS}?&", f"{API}/me?&"):
        assert (await api.get(path, headers=cast.alice.headers)).status_code == 200


async def test_a_limit_is_a_whole_number_from_1_to_100(api: httpx2.AsyncClient, cast: Cast) -> None:
    for limit in ("1", "100", "007"):
        answer = await api.get(ORGANIZATIONS, params={"limit": limit}, headers=cast.alice.headers)
        assert len(ids(answer)) <= int(limit)
    for limit in ("0", "101", "-1", "+5", " 5", "5.0", "1e1", "", "٣", "9" * 5000, "null"):
        answer = await api.get(ORGANIZATIONS, params={"limit": limit}, headers=cast.alice.headers)
        assert pointers(answer) == ["limit"], limit


async def test_an_order_is_one_of_two_and_a_cursor_is_an_id_of_the_lists_kind(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    acme = cast.acme_path.rpartition("/")[2]
    for name, values in {
        "order": ("", "ASC", "descending", "asc,desc"),
        "after": ("", cast.workspace_id, acme.upper(), f"{acme}0", acme[:-1], acme[4:], "org_"),
        "before": (cast.alice.id, acme.replace("org_", "org-"), f" {acme}", "org_" + "8" * 26),
    }.items():
        for value in values:
            answer = await api.get(ORGANIZATIONS, params={name: value}, headers=cast.alice.headers)
            assert pointers(answer) == [name], value
