"""Every call of the API as everybody in turn: what the matrix says is what happens."""

import httpx2
import pytest

from tests.contracts.matrix import CALLERS, MATRIX, SENDS, TAKEN_AWAY, Row
from tests.contracts.stage import Stage
from tests.support.database.contents import contents

EVERYBODY = pytest.mark.parametrize("name", CALLERS)
READS = [row for row in MATRIX if row.method == "GET"]
REFUSED = (401, 403, 404)
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
    assert sorted(documented) == sorted(row.call for row in MATRIX)
    assert set(SENDS) <= set(documented)


@EVERYBODY
@_named(MATRIX)
async def test_each_call_answers_each_caller_as_the_matrix_says(
    row: Row, name: str, stage: Stage
) -> None:
    request = await stage.request(row, name)
    refused = row.statuses[name] in REFUSED
    before = contents(stage.scene) if refused else {}

    answer = await stage.scene.api.send(request)

    assert answer.status_code == row.statuses[name], answer.text
    if refused:
        _is_refused_in_words(answer, row)
        assert contents(stage.scene) == before


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


@EVERYBODY
@_named(READS)
async def test_head_answers_as_get_does_without_a_body(row: Row, name: str, stage: Stage) -> None:
    got = await stage.scene.api.send(await stage.request(row, name))
    headed = await stage.scene.api.send(await stage.request(row, name, method="HEAD"))

    assert headed.status_code == got.status_code
    assert headed.content == b""
    for header in ("content-type", "etag", "cache-control", "vary", "www-authenticate", "link"):
        assert headed.headers.get(header) == got.headers.get(header)
    if got.status_code == 200:
        assert headed.headers["content-length"] == str(len(got.content))


@EVERYBODY
@_named([row for row in MATRIX if "{workspace_id}" in row.path])
async def test_a_private_workspace_is_unknown_to_all_but_its_members_and_admins(
    row: Row, name: str, stage: Stage
) -> None:
    private = await stage.workspace("private")
    answer = await stage.scene.api.send(await stage.request(row, name, workspace_id=private))
    expected = {"nobody": 401, "alice": row.statuses["alice"]}.get(name, 404)
    if row.call in TAKEN_AWAY and name == "alice":
        expected = 404  # Vera has no role in this one
    assert answer.status_code == expected, answer.text
