"""Examples in the document: every body has one, and its own operation accepts it unchanged."""

import json
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import jsonschema_rs
import pytest
from tools.openapi import description

from tenantry.api.routes import OPERATIONS
from tenantry.kit.ids import Kind, show
from tests.contracts.matrix import CALLERS, MATRIX, SENDS, Row
from tests.contracts.stage import Stage
from tests.support.scene import Scene

DOCUMENT = description.document(OPERATIONS)
BODIES = {
    f"{method.upper()} {path.removeprefix('/api/v1')}": call["requestBody"]["content"]
    for path, calls in DOCUMENT["paths"].items()
    for method, call in calls.items()
    if "requestBody" in call
}
NAME_ADMIN = "/operator/organizations/{org_id}/admins"
# Those two need more than the matrix makes ready: they have tests of their own.
ROWS = [
    row for row in MATRIX if row.call in BODIES and row.path not in ("/auth/introspect", NAME_ADMIN)
]
ONE_CANNOT_KNOW = ("token", "username", "current_password")


def described(call: str) -> dict[str, Any]:
    """What the document says of a body, in the one format that it has."""
    (media,) = BODIES[call].values()
    return media


def test_the_document_has_an_example_for_every_body() -> None:
    assert len(BODIES) == len([each for each in OPERATIONS if each.body])
    assert [call for call in BODIES if not described(call).get("example")] == []


@pytest.mark.parametrize("call", BODIES)
def test_an_example_is_what_the_document_says_of_a_body(call: str) -> None:
    media = described(call)
    schema = {**media["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(media["example"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.call)
async def test_each_operation_takes_its_own_example(row: Row, stage: Stage) -> None:
    """Unchanged, but for what cannot be known beforehand: the token of an email, a password."""
    request = await _with_example(stage, row)
    if row.call == "POST /operator/permissions":  # of the whole service: another test may have it
        name = described(row.call)["example"]["name"]
        stage.scene.admin.execute("delete from permissions where name = %s", [name])

    answer = await stage.scene.api.send(request)

    assert answer.status_code == row.statuses[_who_may(row)], answer.text
    assert answer.is_success


async def test_introspection_takes_its_own_example(scene: Scene, stage: Stage) -> None:
    key = await stage.issue_service_key()
    example = described("POST /auth/introspect")["example"]
    headers = {"Authorization": f"Bearer {key['key']}"}
    answer = await scene.api.post("/api/v1/auth/introspect", data=example, headers=headers)
    assert (answer.status_code, answer.json()["active"]) == (200, False)


async def test_naming_an_admin_takes_its_own_example(scene: Scene) -> None:
    """For an organization without one; by the address of somebody who has an account."""
    cast, org_id = scene.cast, scene.cast.acme.organization.id
    gone = "update memberships set status = 'suspended' where org_id = %s and user_id = %s"
    scene.admin.execute(gone, [org_id, cast.alice.actor.id])
    example = described(f"POST {NAME_ADMIN}")["example"]
    path = "/api/v1" + NAME_ADMIN.format(org_id=show(Kind.ORGANIZATION, org_id))
    body = {**example, "email": cast.charlie.actor.email}
    answer = await scene.api.post(path, json=body, headers=cast.olga.headers)
    assert answer.is_success, answer.text


def test_what_a_form_is_filled_with_stands_at_its_fields() -> None:
    schema = DOCUMENT["components"]["schemas"]["TokenRequest"]
    example = described("POST /auth/token")["example"]
    assert {name: schema["properties"][name]["example"] for name in example} == example


def test_where_a_version_must_be_named_one_is() -> None:
    found = [
        header["example"]
        for calls in DOCUMENT["paths"].values()
        for call in calls.values()
        for header in call.get("parameters", [])
        if "428" in call["responses"] and header["name"] == "If-Match" and "requestBody" in call
    ]
    assert set(found) == {"*"}


def _who_may(row: Row) -> str:
    order = ("alice", *CALLERS)
    return next(each for each in order if row.statuses[each] < 300)


async def _with_example(stage: Stage, row: Row) -> httpx2.Request:
    """The request of a row, with the example for a body."""
    usual = await stage.request(row, _who_may(row))
    example = dict(described(row.call)["example"])
    is_form = "data" in SENDS[row.call]
    sent = dict(parse_qsl(usual.content.decode())) if is_form else json.loads(usual.content)
    for field in ONE_CANNOT_KNOW:
        if field in example:
            example[field] = sent[field]
    if row.call == "POST /auth/token":
        example["password"] = sent["password"]
    if row.call == "POST /auth/sign-up":  # another test may have signed up with the same address
        example["email"] = sent["email"]
    headers = {
        name: usual.headers[name] for name in ("authorization", "if-match") if name in usual.headers
    }
    body: dict[str, Any] = {"data": example} if is_form else {"json": example}
    return stage.scene.api.build_request(usual.method, usual.url, headers=headers, **body)
