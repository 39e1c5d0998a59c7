"""One name on every wire: what the document calls a call, the client calls it too."""

import inspect
import json
from typing import Any

import pytest
from tools.client.writing import stale
from tools.openapi.document import PATH

from tenantry_client import AsyncTenantry, Tenantry

DELIBERATELY_ABSENT: set[str] = set()
"""Operations that the client has no method for; there is none today."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return json.loads(PATH.read_text())


@pytest.mark.parametrize("client", [Tenantry, AsyncTenantry])
def test_every_operation_has_its_method_and_every_method_its_operation(
    document: dict[str, Any], client: type[Tenantry] | type[AsyncTenantry]
) -> None:
    operations = {
        call["operationId"] for methods in document["paths"].values() for call in methods.values()
    }
    nouns = vars(client("http://127.0.0.1:1"))
    methods = {
        f"{noun}.{name}"
        for noun, calls in nouns.items()
        if not noun.startswith("_")
        for name, _ in inspect.getmembers(calls, inspect.ismethod)
        if not name.startswith("_")
    }
    assert methods == operations - DELIBERATELY_ABSENT


def test_the_written_modules_are_what_the_document_says(document: dict[str, Any]) -> None:
    assert stale(document) == []


def test_a_document_that_has_moved_on_is_noticed(document: dict[str, Any]) -> None:
    document["paths"]["/api/v1/me"]["get"]["operationId"] = "me.read"
    assert stale(document) == ["async_calls/me.py", "calls/me.py"]
