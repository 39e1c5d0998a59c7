"""The pages of who runs the service: no one else sees them, and nothing of a tenant is on them."""

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.console.hands import Hands
from tests.support.cast import Cast


@pytest.fixture
async def olga(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.olga)


async def test_operators_are_led_there_and_others_are_not(
    olga: Hands, service: Service, cast: Cast
) -> None:
    assert 'href="/operator"' in (await olga.see("//organizations")).text
    page = await olga.see("//operator")
    assert "The database is reachable." in page.text
    alice = await Hands.of(olga.visitor.client, service, cast, cast.alice)
    assert 'href="/operator"' not in (await alice.see("//organizations")).text
    acme = show(Kind.ORGANIZATION, cast.acme.organization.id)
    judged = {"way": "disable", "reason": "because"}
    for path in ("", "/organizations", f"/organizations/{acme}", f"/users/{cast.dave.id}"):
        assert (await alice.see(f"//operator{path}")).status_code == 403
    for path in (f"/organizations/{acme}", f"/users/{cast.dave.id}"):
        assert (await alice.send(f"//operator{path}", judged)).status_code == 403
    assert (await alice.see("")).status_code == 200


async def test_an_organization_is_disabled_and_enabled_with_a_reason(
    olga: Hands, service: Service, cast: Cast
) -> None:
    slug, acme = cast.acme.organization.slug, show(Kind.ORGANIZATION, cast.acme.organization.id)
    listed = await olga.see(f"//operator/organizations?slug={slug}")
    assert f"/operator/organizations/{acme}" in listed.text
    path = f"//operator/organizations/{acme}"
    assert (await olga.send(path, {"way": "disable", "reason": " "})).status_code == 422
    done = await olga.send(path, {"way": "disable", "reason": "An unpaid bill"})
    assert "Acme suspended" in done.text
    assert "An unpaid bill" in done.text
    alice = await Hands.of(olga.visitor.client, service, cast, cast.alice)
    assert (await alice.see("")).status_code == 404
    again = await Hands.of(olga.visitor.client, service, cast, cast.olga)
    done = await again.send(path, {"way": "enable", "reason": "Paid"})
    assert "Acme reinstated" in done.text


async def test_a_user_is_found_by_address_and_disabled(olga: Hands, cast: Cast) -> None:
    email = cast.dave.actor.email
    listed = await olga.see(f"//operator/users?email={email.upper()}")
    assert f"/operator/users/{cast.dave.id}" in listed.text
    done = await olga.send(
        f"//operator/users/{cast.dave.id}", {"way": "disable", "reason": "Asked for it"}
    )
    assert f"{email[:30]}" in done.text
    assert "suspended" in done.text
    none = await olga.see("//operator/users?email=nobody@example.com")
    assert "No users match" in none.text


async def test_the_only_admin_is_disabled_after_the_organizations_were_named(
    olga: Hands, cast: Cast
) -> None:
    path, judged = f"//operator/users/{cast.alice.id}", {"way": "disable", "reason": "Fraud"}
    assert "orphan_organizations" not in (await olga.see(path)).text
    refused = await olga.send(path, judged)
    assert refused.status_code == 409
    acme = show(Kind.ORGANIZATION, cast.acme.organization.id)
    assert f'href="/operator/organizations/{acme}">Acme<' in refused.text
    assert 'type="checkbox" name="orphan_organizations"' in refused.text
    done = await olga.send(path, {**judged, "orphan_organizations": "on"})
    assert "suspended" in done.text


async def test_operators_do_not_disable_themselves(olga: Hands, cast: Cast) -> None:
    path = f"//operator/users/{cast.olga.id}"
    assert "<form" not in (await olga.see(path)).text
    refused = await olga.send(path, {"way": "disable", "reason": "x"})
    assert refused.status_code == 409
