"""Every call of the API as everybody in turn: what the matrix says is what happens."""

import httpx2
import pytest

from tests.contracts.matrix import CALLERS, MATRIX, SENDS, TAKEN_AWAY, Row
from tests.contracts.stage import Stage
from tests.support.database.contents import contents

READS = [row for row in MATRIX if row.method == "GET"]
ADMITTED = [
    pytest.param(row, name, id=f"{row.call}-{name}")
    for row in MATRIX
    if row not in READS
    for name in CALLERS
    if name not in row.refused
]
OAUTH = ("POST /auth/introspect",)
"""Calls for services of the product, which are refused in OAuth's own words."""


def _named(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.call)


async def test_the_matrix_and_the_document_name_the_same_calls(api: httpx2.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()
    documented = [
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document["paths"].items()
        for method in methods
    ]
    rows = [row.call for row in MATRIX]
    assert len(rows) == len(set(rows))
    assert set(documented) == set(rows)
    assert set(SENDS) <= set(documented)


@_named([row for row in MATRIX if row.refused])
async def test_each_call_refuses_those_whom_the_matrix_refuses_and_changes_nothing(
    row: Row, stage: Stage
) -> None:
    request = await stage.request(row, "nobody")
    before = contents(stage.scene)

    for name in row.refused:
        answer = await stage.scene.api.send(stage.sent_by(name, request))
        assert answer.status_code == row.statuses[name], (name, answer.text)
        _is_refused_in_words(answer, row)

    assert contents(stage.scene) == before


@pytest.mark.parametrize(("row", "name"), ADMITTED)
async def test_each_call_answers_those_whom_the_matrix_admits(
    row: Row, name: str, stage: Stage
) -> None:
    answer = await stage.scene.api.send(await stage.request(row, name))
    assert answer.status_code == row.statuses[name], answer.text


def _is_refused_in_words(answer: httpx2.Response, row: Row) -> None:
    problem = answer.json()
    if row.call in OAUTH:
        assert (answer.status_code, problem["error"]) == (401, "invalid_client")
        return
    code = row.forbidden if ":" not in row.forbidden else "permission_denied"
    codes = {401: "unauthenticated", 403: code, 404: "not_found"}
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert problem["code"] == codes[answer.status_code]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)
    missed = row.forbidden if problem["code"] == "permission_denied" else None
    assert problem.get("required_permission") == missed


@_named(READS)
async def test_reads_answer_each_caller_as_the_matrix_says_and_head_as_get_without_a_body(
    row: Row, stage: Stage
) -> None:
    get = await stage.request(row, "nobody")
    head = await stage.request(row, "nobody", method="HEAD")
    for name in CALLERS:
        got = await stage.scene.api.send(stage.sent_by(name, get))
        headed = await stage.scene.api.send(stage.sent_by(name, head))

        assert got.status_code == row.statuses[name], (name, got.text)
        assert headed.status_code == got.status_code
        assert headed.content == b""
        for header in ("content-type", "etag", "cache-control", "vary", "www-authenticate", "link"):
            assert headed.headers.get(header) == got.headers.get(header)
        if got.status_code == 200:
            assert headed.headers["content-length"] == str(len(got.content))


@_named([row for row in MATRIX if "{workspace_id}" in row.path])
async def test_a_private_workspace_is_unknown_to_all_but_its_members_and_admins(
    row: Row, stage: Stage
) -> None:
    private = await stage.workspace("private")
    request = await stage.request(row, "nobody", workspace_id=private)
    for name in sorted(CALLERS, key="alice".__eq__):
        answer = await stage.scene.api.send(stage.sent_by(name, request))
        expected = {"nobody": 401, "alice": row.statuses["alice"]}.get(name, 404)
        if row.call in TAKEN_AWAY and name == "alice":
            expected = 404  # Vera has no role in this one
        assert answer.status_code == expected, (name, answer.text)
