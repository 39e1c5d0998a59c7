"""POST /api/v1/check/batch: up to a thousand questions, answered as of one moment."""

import json
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.api.v1.authz.checks import CheckBatch
from tenantry.kit.ids import Kind, new_id, show
from tests.authz import key_rows
from tests.http.checks.requests import BATCH, CHECK, STRANGER, acme
from tests.http.responses import pointers, told
from tests.http.roles.custom import hold, made
from tests.support.cast import Cast, Player

ONE = {"organization_id": f"org_{'0' * 26}", "permission": "workspace:read"}


async def batch(
    api: httpx2.AsyncClient, by: Player | str, checks: list[dict[str, Any]]
) -> httpx2.Response:
    """The answer to somebody, or to a key, who asks many things."""
    headers = by.headers if isinstance(by, Player) else {"Authorization": f"Bearer {by}"}
    return await api.post(BATCH, json={"checks": checks}, headers=headers)


async def test_each_is_answered_as_it_would_be_alone(api: httpx2.AsyncClient, cast: Cast) -> None:
    org = acme(cast)
    checks = [
        {"organization_id": org, "permission": permission, **more}
        for permission in ("workspace:read", "member:remove", "never:declared")
        for more in (
            *({}, {"workspace_id": cast.workspace_id}, {"user_id": cast.alice.id}),
            {"user_id": cast.bob.id, "workspace_id": None, "at_least_as_fresh": None},
        )
    ]
    answer = await batch(api, cast.vera, [*checks, ONE])

    alone = [
        (await api.post(CHECK, json=each, headers=cast.vera.headers)).json()
        for each in [*checks, ONE]
    ]
    assert answer.json() == {"results": alone}
    assert answer.json()["results"][-1] == STRANGER


async def test_a_thousand_are_answered_and_one_more_is_too_many(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    check = {"organization_id": acme(cast), "permission": "workspace:read"}
    thousand = await batch(api, cast.alice, [check] * 1000)

    assert [each["allowed"] for each in thousand.json()["results"]] == [True] * 1000
    assert pointers(await batch(api, cast.alice, [check] * 1001)) == ["#/checks"]
    assert pointers(await batch(api, cast.alice, [])) == ["#/checks"]


async def test_one_that_may_not_be_asked_refuses_them_all(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    blind = await made(api, cast, name="Blind", permissions=["workspace:read"])
    await hold(api, cast, cast.vera, blind)
    own = {"organization_id": acme(cast), "permission": "workspace:read"}

    denied = await batch(api, cast.vera, [own, {**own, "user_id": cast.dave.id}])
    beyond = await batch(api, cast.vera, [own, {**own, "at_least_as_fresh": 10**9}])

    assert told(denied) == (403, "permission_denied")
    assert told(beyond) == (409, "revision_unknown")


async def test_what_is_malformed_is_named_by_its_place(api: httpx2.AsyncClient, cast: Cast) -> None:
    for field, bad in (
        *(("organization_id", "org_8" + "z" * 25), ("organization_id", None), ("user_id", "")),
        *(("workspace_id", "ws_" + "u" * 26), ("permission", "workspace:paint"), ("extra", 1)),
        *(("user_id", False), ("workspace_id", 0), ("at_least_as_fresh", 0)),
    ):
        answer = await batch(api, cast.alice, [ONE, {**ONE, field: bad}])
        assert pointers(answer) == [f"#/checks/1/{field}"], (field, bad)


async def test_a_member_that_comes_twice_is_refused_by_the_fast_parser_as_well(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    one = json.dumps(ONE)
    for body in (
        f'{{"checks": [{one[:-1]}, "permission": "workspace:read"}}]}}',
        f'{{"checks": [{one[:-1]}, "p\\u0065rmission": "workspace:read"}}]}}',
        f'{{"checks": [{one}], "checks": [{one}]}}',
        f'{{"checks": [{one[:-1]}, "user_id": null, "user_id": null}}]}}',
    ):
        headers = {**cast.alice.headers, "Content-Type": "application/json"}
        answer = await api.post(BATCH, content=body, headers=headers)
        assert told(answer) == (400, "malformed_json"), body


def test_what_is_plainly_flawless_is_read_as_a_close_look_reads_it() -> None:
    def checks(count: int) -> list[dict[str, Any]]:
        return [
            {
                "organization_id": show(Kind.ORGANIZATION, new_id()),
                "permission": "invoice:read",
                "workspace_id": show(Kind.WORKSPACE, new_id()) if number % 2 else None,
                **({"user_id": show(Kind.USER, new_id())} if number % 3 else {}),
            }
            for number in range(count)
        ]

    for count in (1, 7, 1000):
        body = {"checks": checks(count)}
        parsed = CheckBatch.parse_fast(json.dumps(body).encode())
        assert parsed is not None
        assert parsed.request == CheckBatch.model_validate(body).request


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"5", b'"checks"', b"{}", b'{"checks": null}', b'{"checks": {}}'),
        *(b'{"checks": [null]}', b'{"checks": [[]]}', b'{"checks": ["checks"]}', b"\xff"),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_a_close_look(body: bytes) -> None:
    assert CheckBatch.parse_fast(body) is None


async def test_an_organizations_key_asks_as_its_role_allows(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = key_rows.plant(admin, cast, "viewer").text
    own = {"organization_id": acme(cast), "permission": "workspace:read"}
    theirs = {**own, "organization_id": cast.bobs_path.rpartition("/")[2]}

    answers = await batch(
        api,
        key,
        [
            *(own, {**own, "permission": "member:remove"}, theirs),
            *({**own, "user_id": cast.alice.id}, {**theirs, "user_id": cast.bob.id}),
        ],
    )

    itself, beyond, elsewhere, about, about_theirs = answers.json()["results"]
    assert itself["explanation"]["allowed_by"] == ["key"]
    assert itself["explanation"]["role"]["key"] == "viewer"
    assert beyond["explanation"]["missing"] == "permission"
    assert about["explanation"]["allowed_by"] == ["role"]
    assert elsewhere == about_theirs == STRANGER


async def test_a_key_bound_to_a_workspace_asks_about_no_one_else(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    key = key_rows.plant(admin, cast, "developer", workspace=cast.acme.workspace.id).text
    there = {
        "organization_id": acme(cast),
        "workspace_id": cast.workspace_id,
        "permission": "workspace:update",
    }

    answers = await batch(api, key, [there, {**there, "user_id": cast.alice.id}])

    own, about = answers.json()["results"]
    assert own["explanation"]["allowed_by"] == ["key"]
    assert about == STRANGER


async def test_a_key_that_is_none_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    key = key_rows.bearer_keys.new_key(key_rows.bearer_keys.API_KEY).text
    assert told(await batch(api, key, [ONE])) == (401, "invalid_token")
    product = key_rows.bearer_keys.new_key(key_rows.bearer_keys.SERVICE_KEY).text
    assert told(await batch(api, product, [ONE])) == (401, "invalid_token")
