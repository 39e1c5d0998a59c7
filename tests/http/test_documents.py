"""The document: kept fresh, true to what is declared, and good to generate clients from."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tools.openapi import document as openapi

from tenantry.api.routes import OPERATIONS
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Requirement

NINE = [
    "POST /api/v1/organizations",
    "GET /api/v1/organizations",
    "GET /api/v1/organizations/{org_id}",
    "PATCH /api/v1/organizations/{org_id}",
    "POST /api/v1/organizations/{org_id}/members/invite",
    "POST /api/v1/organizations/{org_id}/workspaces",
    "GET /api/v1/organizations/{org_id}/workspaces",
    "GET /api/v1/organizations/{org_id}/workspaces/{workspace_id}",
    "GET /api/v1/organizations/{org_id}/roles",
]

OAUTH = {f"POST /api/v1/auth/{act}" for act in ("token", "introspect", "revoke")}


@pytest.fixture
async def document(api: httpx2.AsyncClient) -> dict[str, Any]:
    """What is served at /openapi.json."""
    return (await api.get("/openapi.json")).json()


def calls(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every call with what is said of it."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield f"{method.upper()} {path}", said


def test_the_kept_one_is_what_the_service_says_of_itself() -> None:
    assert openapi.PATH.read_text() == openapi.document()


def test_the_committed_document_is_served(document: dict[str, Any]) -> None:
    assert document == json.loads(openapi.PATH.read_text())


def test_a_summary_is_a_whole_sentence(document: dict[str, Any]) -> None:
    for call, said in calls(document):
        told = " ".join(said["description"].replace("`", "").split()) + " "
        assert told.partition(". ")[0].rstrip() == said["summary"], call


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [tag["name"] for tag in document["tags"]] == [
        "organizations",
        "workspaces",
        "roles",
        "access",
        "members",
        "invitations",
        "api_keys",
        "service_accounts",
        "auth",
        "me",
        "operator",
    ]


def test_the_nine_stand_under_organizations(document: dict[str, Any]) -> None:
    under = [call for call, said in calls(document) if "organizations" in said["tags"]]

    assert set(NINE) <= set(under)


def test_it_names_what_is_declared_and_nothing_else(document: dict[str, Any]) -> None:
    declared = {f"{each.method} {each.path}": each.id for each in OPERATIONS}

    assert {call: said["operationId"] for call, said in calls(document)} == declared
    assert len(set(declared.values())) == len(declared)


def test_every_call_says_what_it_does_and_what_it_needs(document: dict[str, Any]) -> None:
    said = dict(calls(document))
    for operation in OPERATIONS:
        told = said[f"{operation.method} {operation.path}"]
        assert told["summary"]
        assert told["description"]
        assert ("security" in told) == (operation.access is not Requirement.ANYONE)
        if isinstance(operation.access, Permission):
            assert f"`{operation.access.value}`" in told["description"]


def test_every_refusal_is_a_problem_or_oauths_own(document: dict[str, Any]) -> None:
    for call, said in calls(document):
        for status, answer in said["responses"].items():
            if status < "400":
                continue
            (media,) = answer["content"]
            oauths = call in OAUTH and status in ("400", "401", "429")
            assert media == ("application/json" if oauths else "application/problem+json")


def test_every_reference_leads_somewhere_and_every_schema_is_used(
    document: dict[str, Any],
) -> None:
    named = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert _references(document) == named


def _references(part: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(part)))


def test_signing_in_is_described_so_that_the_page_can_do_it(document: dict[str, Any]) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()

    assert scheme["type"] == "oauth2"
    assert scheme["flows"]["password"]["tokenUrl"] == "/api/v1/auth/token"
