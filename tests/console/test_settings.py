"""An organization's settings, its end, and its return."""

import re
from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.console.hands import Hands
from tests.support.cast import Cast


@pytest.fixture
async def alice(api: httpx2.AsyncClient, service: Service, cast: Cast) -> Hands:
    return await Hands.of(api, service, cast, cast.alice)


async def filled(alice: Hands, **fields: str) -> dict[str, str]:
    """The form of the settings as it is shown, with some fields changed."""
    text = (await alice.see("/settings")).text
    seen = re.search(r'name="seen" value="([^"]+)"', text)
    assert seen is not None
    slug = alice.base.rpartition("/")[2]
    return {"name": "Acme", "slug": slug, "locale": "en", "seen": seen[1], **fields}


async def test_settings_are_saved_and_the_way_leads_to_the_new_slug(
    alice: Hands, cast: Cast, admin: psycopg.Connection[Any]
) -> None:
    slug = f"{cast.acme.organization.slug}-two"
    fields = {
        "name": " Acme Two ",
        "slug": slug,
        "locale": "de",
        "key-0": "plan",
        "value-0": "a\r\nb",
    }
    answer = await alice.send("/settings", await filled(alice, **fields))
    assert answer.url.path == f"/organizations/{slug}/settings"
    assert "Settings saved" in answer.text
    assert 'value="plan"' in answer.text
    row = admin.execute(
        "select name, locale, metadata from organizations where org_id = %s",
        [cast.acme.organization.id],
    ).fetchone()
    assert row == ("Acme Two", "de", {"plan": "a\nb"})


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"name": ""}, 422, "Enter 1 to 100 visible characters"),
        (
            {"slug": "settings"},
            422,
            "Some words are reserved.",
        ),
        ({"locale": "German"}, 422, "Enter a language tag, such as en, de or pt-BR."),
        ({"key-0": "a" * 41}, 422, "Use a different key"),
        (
            {"key-0": "a", "key-1": "a"},
            422,
            "Use a different key",
        ),
        ({"key-0": "a", "value-0": "b" * 501}, 422, "Use at most 500 characters."),
        (
            {"seen": "2026-01-01T00:00:00+00:00"},
            409,
            "Someone else changed this",
        ),
    ],
)
async def test_what_does_not_fit_comes_again(
    alice: Hands, fields: dict[str, str], status: int, problem: str
) -> None:
    answer = await alice.send("/settings", await filled(alice, **fields))
    assert answer.status_code == status
    assert problem in answer.text


async def test_a_slug_of_another_organization_is_shown_at_its_field(
    alice: Hands, cast: Cast
) -> None:
    taken = await filled(alice, slug=cast.bobs.organization.slug)
    answer = await alice.send("/settings", taken)
    assert answer.status_code == 409
    assert 'id="slug-error"' in answer.text


async def test_all_the_metadata_that_there_may_be_fits_into_the_form(alice: Hands) -> None:
    keys = {f"key-{number}": f"{number:02}".ljust(40, "鍵") for number in range(50)}
    values = {f"value-{number}": "値" * 500 for number in range(50)}

    answer = await alice.send("/settings", await filled(alice, **keys, **values))

    assert answer.status_code == 200, answer.text


async def test_an_organization_goes_with_its_slug_typed_and_comes_back(
    alice: Hands, cast: Cast, service: Service
) -> None:
    slug, org_id = cast.acme.organization.slug, show(Kind.ORGANIZATION, cast.acme.organization.id)
    refused = await alice.send("/settings/delete", {"slug": "acme-"})
    assert refused.status_code == 422
    assert (await alice.see("/settings")).status_code == 200
    gone = await alice.send("/settings/delete", {"slug": slug})
    assert "Acme deleted" in gone.text
    assert f"/organizations/{org_id}/restore" in gone.text
    assert (await alice.see("/settings")).status_code == 404
    restore = f"//organizations/{org_id}/restore"
    for other in (cast.vera, cast.bob):
        theirs = await Hands.of(alice.visitor.client, service, cast, other)
        assert (await theirs.see(restore)).status_code == 404
        assert (await theirs.send(restore)).status_code == 404
    again = await Hands.of(alice.visitor.client, service, cast, cast.alice)
    assert "Restore Acme?" in (await again.see(restore)).text
    back = await again.send(restore)
    assert "Acme restored" in back.text
    assert back.url.path == f"/organizations/{slug}"
    assert (await again.see(restore)).status_code == 404


async def test_a_personal_organization_stays(alice: Hands, cast: Cast) -> None:
    path = f"//organizations/{show(Kind.ORGANIZATION, cast.alice.personal_id)}"
    page = await alice.see(f"{path}/settings")
    assert "/settings/delete" not in page.text
    slug = re.search(r'name="slug"[^>]* value="([^"]+)"', page.text)
    assert slug is not None
    answer = await alice.send(f"{path}/settings/delete", {"slug": slug[1]})
    assert answer.status_code == 409
    assert "A personal organization stays with its owner." in answer.text


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800", "\u00ad\u200d"])
async def test_a_name_that_cannot_be_seen_is_refused(alice: Hands, name: str) -> None:
    refused = await alice.send("/settings", await filled(alice, name=name))
    assert refused.status_code == 422
    assert "Enter 1 to 100 visible characters" in refused.text
    of_key = await alice.send("/settings", await filled(alice, **{"key-0": name, "value-0": "a"}))
    assert of_key.status_code == 422
