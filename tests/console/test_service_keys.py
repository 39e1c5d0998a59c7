"""The product's own keys and permissions on pages, for operators alone."""

import re
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.authz.permissions import actions as permissions
from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.support.cast import Cast

KEY = {"name": "Billing", "expires_at": ""}
CHECK = "/api/v1/check"


@pytest.fixture
async def olga(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.olga)


def secret_on(answer: httpx2.Response) -> str:
    found = re.search(r'class="copyable"><code>([^<]+)</code>', answer.text)
    assert found is not None
    return found[1]


async def is_refused(api: httpx2.AsyncClient, secret: str) -> bool:
    """Whether a key has ended; an empty body distinguishes the two."""
    answer = await api.post(CHECK, json={}, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code in (401, 422)
    return answer.status_code == 401


async def test_a_key_is_made_renewed_and_revoked_and_each_secret_shown_once(
    olga: Hands, api: httpx2.AsyncClient
) -> None:
    made = await olga.send("//operator/keys/new", KEY)
    assert made.headers["cache-control"] == "no-store"
    assert "set-cookie" not in made.headers
    first = secret_on(made)
    found = re.search(r"/operator/keys/(svk_\w+)", made.text)
    assert found is not None
    path = f"//operator/keys/{found[1]}"
    for seen in ("//operator/keys", path):
        page = (await olga.see(seen)).text
        assert "Billing" in page
        assert first not in page
    second = secret_on(await olga.send(f"{path}/rotate"))
    assert not await is_refused(api, first)
    assert not await is_refused(api, second)
    assert "Key Billing revoked" in (await olga.send(f"{path}/revoke")).text
    assert await is_refused(api, second)
    assert (await olga.see(path)).status_code == 404


async def test_what_does_not_fit_comes_again(olga: Hands) -> None:
    answer = await olga.send("//operator/keys/new", {"name": "", "expires_at": "never"})
    assert answer.status_code == 422
    answer = await olga.send("//operator/keys/new", {**KEY, "expires_at": "2001-01-01T12:00"})
    assert answer.status_code == 422
    assert 'id="expires_at-error"' in answer.text


async def test_no_one_else_sees_them_or_makes_one(
    api: httpx2.AsyncClient, service: Service, cast: Cast, olga: Hands
) -> None:
    made = await olga.send("//operator/keys/new", KEY)
    found = re.search(r"/operator/keys/(svk_\w+)", made.text)
    assert found is not None
    alice = await Hands.of(api, service, cast, cast.alice)
    one = f"//operator/keys/{found[1]}"
    for path in ("//operator/keys", "//operator/keys/new", one, "//operator/permissions"):
        assert (await alice.see(path)).status_code == 403
    for path in ("//operator/keys/new", f"{one}/rotate", f"{one}/revoke"):
        assert (await alice.send(path, KEY)).status_code == 403
    assert not await is_refused(api, secret_on(made))


async def test_declared_permissions_are_listed_with_who_holds_them(
    olga: Hands, service: Service, admin: psycopg.Connection[Any]
) -> None:
    async with service.database.transaction() as (tx, _):
        await permissions.declare_all(tx, {"invoice:void": "Void <b>invoices</b>."})
    try:
        page = (await olga.see("//operator/permissions")).text
        assert "invoice:void" in page
        assert "Void &lt;b&gt;invoices&lt;/b&gt;." in page
        assert "0 roles" in page
    finally:
        admin.execute("delete from permissions where name = 'invoice:void'")
