"""Every call of the API as each kind of key: what the matrix says is what happens."""

import pytest

from tenantry.http.service import Service
from tenantry.kit.bearer_keys import API_KEY, SERVICE_KEY, new_key
from tests.contracts.key_matrix import KEY_MATRIX, KEYS
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.stage import Stage, sent_with
from tests.support.api.keys import KeyMaker, bearing
from tests.support.database.contents import contents

CODES = {
    "person": "person_required",
    "operator": "operator_required",
    "denied": "permission_denied",
}
IN_ACME = [row for row in MATRIX if "{org_id}" in row.path and not row.path.startswith("/operator")]


def _refused(row: Row) -> list[str]:
    """The keys that the call refuses for what they are."""
    return [name for name, told in KEY_MATRIX[row.call].items() if told in (*CODES, "404")]


ADMITTED = [
    pytest.param(row, name, id=f"{row.call}-{name}")
    for row in MATRIX
    for name in KEYS
    if name not in _refused(row)
]
INTROSPECTION = "POST /auth/introspect"


def _named(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.call)


@pytest.fixture
async def keys(stage: Stage, service: Service) -> dict[str, dict[str, str]]:
    """What each key's bearer sends."""
    cast = stage.scene.cast
    acme = KeyMaker(service, cast.alice, cast.acme.organization.id)
    bobs = KeyMaker(service, cast.bob, cast.bobs.organization.id)
    product = (await stage.issue_service_key())["key"]
    return {
        "admin": bearing(await acme.own("admin")),
        "viewer": bearing(await acme.own("viewer")),
        "workspace": bearing(await acme.own("admin", cast.acme.workspace.id)),
        "foreign": bearing(await bobs.own("admin")),
        "service": {"Authorization": f"Bearer {product}"},
    }


def test_persons_and_keys_are_told_of_the_same_calls() -> None:
    assert set(KEY_MATRIX) == {row.call for row in MATRIX}


@_named(MATRIX)
async def test_each_call_refuses_those_keys_that_the_matrix_refuses_and_changes_nothing(
    row: Row, stage: Stage, keys: dict[str, dict[str, str]]
) -> None:
    request = await stage.request(row, "nobody")
    before = contents(stage.scene)

    for name in _refused(row):
        told = KEY_MATRIX[row.call][name]
        answer = await stage.scene.api.send(sent_with(request, keys[name]))
        if told in CODES:
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (403, CODES[told]), (name, answer.text)
            missed = row.forbidden if told == "denied" else None
            assert problem.get("required_permission") == missed
        else:
            assert answer.status_code == 404, (name, answer.text)

    assert contents(stage.scene) == before


@pytest.mark.parametrize(("row", "name"), ADMITTED)
async def test_each_call_answers_those_keys_that_the_matrix_admits(
    row: Row, name: str, stage: Stage, keys: dict[str, dict[str, str]]
) -> None:
    request = await stage.request(row, "nobody")
    answer = await stage.scene.api.send(sent_with(request, keys[name]))
    assert answer.status_code == int(KEY_MATRIX[row.call][name]), answer.text


@_named([row for row in IN_ACME if not row.path.endswith("/me")])
async def test_a_stranger_s_key_is_told_of_a_foreign_organization_what_it_is_told_of_none(
    row: Row, stage: Stage, keys: dict[str, dict[str, str]]
) -> None:
    nowhere = "org_01h455vb4pex5vsknk084sn02q"
    requests = [await stage.request(row, "nobody", **ids) for ids in ({}, {"org_id": nowhere})]
    for name in ("foreign", "service", "workspace"):
        if KEY_MATRIX[row.call][name] == "404":
            told = [
                await stage.scene.api.send(sent_with(request, keys[name])) for request in requests
            ]
            words = [{**answer.json(), "request_id": None} for answer in told]
            assert words[0] == words[1]
            assert [answer.status_code for answer in told] == [404, 404]


@_named(MATRIX)
async def test_a_key_that_lives_no_more_is_told_so_before_all_else(row: Row, stage: Stage) -> None:
    if row.statuses["nobody"] != 401:
        return
    unknown = [new_key(prefix).text for prefix in (API_KEY, SERVICE_KEY)]
    request = await stage.request(row, "nobody")
    for key in [*unknown, unknown[0][:-1], f"{API_KEY}{'0' * 49}", "tnt_pk_nothing"]:
        request.headers["authorization"] = f"Bearer {key}"
        answer = await stage.scene.api.send(request)
        assert answer.status_code == 401
        if row.call == INTROSPECTION:  # the key authenticates the client there (RFC 7662, 2.3)
            assert answer.json()["error"] == "invalid_client"
        else:
            assert answer.json()["code"] == "invalid_token"
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
