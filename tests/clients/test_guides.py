"""The code that the guides show does what they say, against a running service."""

import re
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry_client.decisions import Decisions
from tests.clients.conftest import Live
from tests.conftest import AUDIENCE
from tests.support.api import service_keys
from tests.support.cast import Cast
from tests.support.issuer import bearer

DOCS = Path(__file__).parents[2] / "docs"


def code(guide: str) -> str:
    """The one block of Python in a guide, its service called as those of the tests."""
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / guide).read_text(), re.S)
    return block.replace('"invoices"', f'"{AUDIENCE}"')


async def test_a_protected_service_asks_whether_its_callers_may(
    live: Live, cast: Cast, admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its key, so that a demotion acts though the token says otherwise."""
    monkeypatch.setenv("TENANTRY_URL", live.url)
    monkeypatch.setenv("TENANTRY_SERVICE_KEY", service_keys.planted(admin))
    shown = code("protect-a-fastapi-service.md")
    permitted = shown.replace("invoice:read", "workspace:read")
    names: dict[str, Any] = {}
    exec(permitted.replace("invoice:approve", "workspace:update"), names)
    dave = bearer(live.organization_token(cast.dave, cast))
    approve = f"/workspaces/{cast.workspace_id}/invoices/7/approve"
    elsewhere = f"/workspaces/ws_{'0' * 26}/invoices/7/approve"

    app = names["app"]
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://invoices.test"
        ) as client,
    ):
        app.state.tenantry.decisions = Decisions(seconds=0, size=1)  # each answer of its moment
        listed = await client.get("/invoices", headers=dave)
        approved = await client.post(approve, headers=dave)
        unknown = await client.post(elsewhere, headers=dave)
        admin.execute(
            "update memberships set role_id = (select id from roles r"
            " where r.org_id = memberships.org_id and r.key = 'viewer')"
            " where org_id = %s and user_id = %s",
            [cast.acme.organization.id, cast.dave.actor.id],
        )
        demoted = await client.post(approve, headers=dave)

    assert listed.json() == {
        "invoices_of": cast.acme_path.rpartition("/")[2],
        "asked_by": cast.dave.id,
    }
    assert approved.json() == {"approved": "7", "by": cast.dave.id}
    assert (unknown.status_code, demoted.status_code) == (403, 403)


def test_the_few_lines_for_pyjwt_verify_a_token(live: Live, cast: Cast) -> None:
    names: dict[str, Any] = {"TENANTRY": live.url}
    exec(code("verify-our-tokens.md"), names)

    assert names["verified"](live.organization_token(cast.dave, cast))["sub"] == cast.dave.id
    with pytest.raises(names["jwt"].InvalidTokenError):
        names["verified"](live.access_token(cast.dave))
