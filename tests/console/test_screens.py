"""What holds for every screen: who may open it, what it offers, what it weighs."""

import httpx2
import orjson
import pytest

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.routing import organization_page
from tenantry.console.screens import Screen, Screens
from tenantry.http.access import Requirement
from tenantry.http.observability.logs import RequestLog
from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.conftest import ClientOf
from tests.console.screens import (
    INSIDE,
    PATHS,
    SCREENS,
    VIEWER,
    At,
    found_on,
    needs,
    screen_at,
    signed_in,
)
from tests.console.visitor import Visitor
from tests.support.cast import Cast, Player


@pytest.fixture
def cast(furnished_cast: tuple[Cast, At]) -> Cast:
    return furnished_cast[0]


@pytest.fixture
def at(furnished_cast: tuple[Cast, At]) -> At:
    return furnished_cast[1]


@pytest.fixture
async def vera(visitor: Visitor, service: Service, cast: Cast) -> Visitor:
    return await as_user(visitor, service, cast.vera)


async def as_user(visitor: Visitor, service: Service, someone: Player) -> Visitor:
    """The visitor, with a session of a player."""
    secret = await signed_in(service, someone)
    visitor.client.cookies.set(f"{visitor.prefix}tenantry-session", secret.text)
    return visitor


def test_no_screen_is_shown_twice() -> None:
    assert len(set(PATHS)) == len(PATHS)


def test_a_page_of_an_organization_cannot_be_declared_without_its_permission() -> None:
    shown = SCREENS[0].get
    for access in Requirement:
        with pytest.raises(ValueError, match="if and only if it needs a permission"):
            Screen("/organizations/{org}/people", access, shown)
    with pytest.raises(ValueError, match="if and only if it needs a permission"):
        Screen("/people", Permission.MEMBER_READ, shown)


def test_what_a_page_leads_to_is_known_by_what_was_declared() -> None:
    screens = Screens([organization_page("/people", Permission.MEMBER_READ)(SCREENS[0].get)])
    assert screens.permission_of("/people") is Permission.MEMBER_READ
    assert screens.permission_of("/elsewhere") is None


async def test_a_page_is_logged_with_the_person_and_the_organization(
    client_of: ClientOf, service: Service, cast: Cast
) -> None:
    lines = list[str]()
    client = await client_of(request_log=RequestLog("json", lines.append))
    await as_user(Visitor(client), service, cast.vera)
    organization = cast.acme.organization

    await client.get(f"/organizations/{organization.slug}")

    logged = orjson.loads(lines[-1])
    assert (logged["route"], logged["status"]) == ("/organizations/{org}", 200)
    assert logged["user_id"] == cast.vera.id
    assert logged["organization_id"] == show(Kind.ORGANIZATION, organization.id)


@pytest.mark.parametrize("path", PATHS)
async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(
    api: httpx2.AsyncClient, cast: Cast, at: At, path: str
) -> None:
    answer = await api.get(at(path))
    if screen_at(path).access is Requirement.ANYONE:
        assert answer.status_code in (200, 404)
    else:
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/sign-in?next={at(path)}"


@pytest.mark.parametrize("screen", INSIDE, ids=lambda screen: screen.path)
async def test_a_viewer_sees_what_the_role_permits_and_nothing_that_would_be_refused(
    vera: Visitor, cast: Cast, at: At, screen: Screen
) -> None:
    answer = await vera.client.get(at(screen.path))
    assert isinstance(screen.access, Permission)
    permitted = screen.access.value in VIEWER
    assert (answer.status_code == 403) is not permitted, answer.text
    found = found_on(answer.text)
    needed = {url: needs(url) for url in [*found.links, *found.forms]}
    refused = {url for url, each in needed.items() if each and each.value not in VIEWER}
    assert not refused


@pytest.mark.parametrize("screen", INSIDE, ids=lambda screen: screen.path)
async def test_unknown_and_foreign_organizations_give_the_same_page(
    visitor: Visitor, service: Service, cast: Cast, at: At, screen: Screen
) -> None:
    bob = await as_user(visitor, service, cast.bob)
    unknown = show(Kind.ORGANIZATION, cast.bob.actor.id)
    theirs, acme = at(screen.path), cast.acme.organization
    for other in (acme.slug, show(Kind.ORGANIZATION, acme.id), "no-such-thing", unknown):
        path = theirs.replace(acme.slug, other, 1)
        answers = [await bob.client.get(path)]
        if screen.submit is not None:
            form = {"form_token": await bob.proof("")}
            answers.append(await bob.client.post(path, data=form))
        for answer in answers:
            assert answer.status_code == 404
            assert "Not found" in answer.text
            assert acme.name not in answer.text


@pytest.mark.parametrize("screen", INSIDE, ids=lambda screen: screen.path)
async def test_an_organization_is_found_by_its_id_too(
    visitor: Visitor, service: Service, cast: Cast, at: At, screen: Screen
) -> None:
    alice = await as_user(visitor, service, cast.alice)
    by_slug, acme = at(screen.path), cast.acme.organization
    by_id = by_slug.replace(acme.slug, show(Kind.ORGANIZATION, acme.id), 1)
    for path in (by_slug, by_id):
        answer = await alice.client.get(path)
        assert answer.status_code == 200
        assert acme.name in answer.text


@pytest.mark.parametrize("path", PATHS)
async def test_no_screen_loads_anything_from_elsewhere(
    visitor: Visitor, service: Service, cast: Cast, at: At, path: str
) -> None:
    alice = await as_user(visitor, service, cast.alice)
    found = found_on((await alice.client.get(at(path))).text)
    assert all(url.startswith(("/static/", "/sign-in", "/")) for url in found.loaded)
    assert not any(url.startswith("//") for url in found.loaded)


async def test_the_first_page_after_signing_in_is_small(
    visitor: Visitor, service: Service, cast: Cast, at: At
) -> None:
    """Uncompressed: over the wire it is at most as much, and headers."""
    alice = await as_user(visitor, service, cast.alice)
    page = await alice.client.get(at("/organizations/{org}"))
    parts = [await alice.client.get(url) for url in set(found_on(page.text).loaded)]
    assert all(part.status_code == 200 for part in parts)
    heads = sum(
        len(name) + len(value) for part in [page, *parts] for name, value in part.headers.raw
    )
    assert sum(len(part.content) for part in [page, *parts]) + heads < 50 * 1024
