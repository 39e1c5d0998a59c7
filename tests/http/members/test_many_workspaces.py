"""A member of many workspaces: what is embedded is bounded, and the rest is a list of its own."""

from typing import Any

import httpx2
import psycopg
import pytest

from tenantry.http.service import Service
from tests.console.hands import Hands
from tests.http.responses import API, told
from tests.support.cast import Cast, Player
from tests.support.scene import Scene

MANY, EMBEDDED = 45, 20
_JOIN_MANY = """
with made as (
  insert into workspaces (org_id, id, name, slug, visibility, created_at, updated_at)
  select %(org)s, gen_random_uuid(), 'Lab', 'lab-' || n,
         case when n <= 5 then 'private' else 'organization' end, now(), now()
    from generate_series(1, %(many)s) n returning id
)
insert into workspace_memberships (org_id, workspace_id, membership_id, role_id, created_at)
select %(org)s, made.id, %(member)s, r.id, now()
  from made join roles r on r.org_id = %(org)s and r.key = 'viewer'
"""


@pytest.fixture
def busy(cast: Cast, admin: psycopg.Connection[Any]) -> Player:
    """Dave, in 45 workspaces of which five are private."""
    assert cast.dave.membership is not None
    names = {
        "org": cast.acme.organization.id,
        "member": cast.dave.membership.id,
        "many": MANY,
    }
    admin.execute(_JOIN_MANY, names)
    return cast.dave


async def member(api: httpx2.AsyncClient, cast: Cast, by: Player) -> dict[str, Any]:
    """Dave, as somebody is shown him: by himself, and in the list alike."""
    alone = await api.get(f"{cast.acme_path}/members/{cast.dave.member_id}", headers=by.headers)
    listed = await api.get(f"{cast.acme_path}/members", headers=by.headers)
    (found,) = [each for each in listed.json()["data"] if each["id"] == cast.dave.member_id]
    assert alone.json() == found
    return found


async def all_of(
    api: httpx2.AsyncClient, shown: dict[str, Any], by: Player
) -> list[dict[str, Any]]:
    """The embedded ones, and those to which the link leads, page by page."""
    found, url = list(shown["workspaces"]), shown["more_workspaces"]
    for _ in range(MANY):
        if url is None:
            break
        page = await api.get(f"{url}&limit=7", headers=by.headers)
        assert page.status_code == 200, page.text
        found += page.json()["data"]
        after = page.json()["list_metadata"]["after"]
        url = url.partition("?")[0] + f"?after={after}" if after else None
    return found


@pytest.mark.parametrize(("name", "seen"), [("alice", 45), ("dave", 45), ("vera", 40)])
async def test_the_first_are_embedded_all_are_counted_and_the_rest_is_linked(
    api: httpx2.AsyncClient, cast: Cast, busy: Player, name: str, seen: int
) -> None:
    """Fails with all of them embedded where nothing bounds them."""
    by: Player = getattr(cast, name)

    shown = await member(api, cast, by)

    assert len(shown["workspaces"]) == EMBEDDED
    assert shown["workspaces_count"] == seen
    found = [each["workspace_id"] for each in await all_of(api, shown, by)]
    assert len(found) == len(set(found)) == seen
    assert found == sorted(found)


async def test_a_few_are_embedded_whole(api: httpx2.AsyncClient, cast: Cast) -> None:
    shown = await api.get(
        f"{cast.acme_path}/members/{cast.alice.member_id}", headers=cast.vera.headers
    )
    assert [each["workspace_id"] for each in shown.json()["workspaces"]] == [cast.workspace_id]
    assert (shown.json()["workspaces_count"], shown.json()["more_workspaces"]) == (1, None)


async def test_the_list_goes_both_ways_and_knows_no_stranger(
    api: httpx2.AsyncClient, cast: Cast, busy: Player
) -> None:
    path = f"{cast.acme_path}/members/{busy.member_id}/workspaces"

    async def page(**query: str) -> list[str]:
        answer = await api.get(path, params=query, headers=cast.alice.headers)
        return [each["workspace_id"] for each in answer.json()["data"]]

    everything = await page(limit="100")
    assert len(everything) == MANY
    assert await page(limit="100", order="desc") == everything[::-1]
    assert await page(before=everything[9], limit="3") == everything[6:9]
    none = await api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}/workspaces", headers=cast.alice.headers
    )
    assert none.json()["data"] == []
    of_another = f"{cast.acme_path}/members/{cast.bob.member_id}/workspaces"
    assert told(await api.get(of_another, headers=cast.alice.headers)) == (404, "not_found")


async def test_who_joins_many_at_once_is_shown_as_bounded(scene: Scene, busy: Player) -> None:
    api, cast = scene.api, scene.cast
    listed = await api.get(f"{cast.acme_path}/workspaces?limit=30", headers=cast.alice.headers)
    there = [{"workspace_id": each["id"], "role": "viewer"} for each in listed.json()["data"]]
    invited = await api.post(
        f"{cast.acme_path}/members/invite",
        json={"email": cast.charlie.actor.email, "workspaces": there},
        headers=cast.alice.headers,
    )
    path = f"{API}/me/invitations/{invited.json()['id']}/accept"
    joined = await api.post(path, headers=cast.charlie.headers)
    got = await api.get(
        f"{cast.acme_path}/members/{joined.json()['id']}", headers=cast.charlie.headers
    )
    assert joined.json() == got.json()
    assert len(got.json()["workspaces"]) == EMBEDDED
    assert got.json()["workspaces_count"] == 30


async def test_the_page_of_a_member_leads_through_all_of_them(
    api: httpx2.AsyncClient, cast: Cast, busy: Player, service: Service
) -> None:
    alice = await Hands.of(api, service, cast, cast.alice)
    path = f"{cast.acme_path}/members/{busy.member_id}/workspaces"
    listed = await api.get(path, params={"limit": "20"}, headers=cast.alice.headers)
    after = listed.json()["list_metadata"]["after"]
    page = (await alice.see(f"/people/{busy.member_id}")).text
    assert page.count("(Viewer)") == EMBEDDED
    assert f"?after={after}" in page
    assert (await alice.see(f"/people/{busy.member_id}?after={after}")).text.count("(Viewer)") == 20


@pytest.mark.parametrize("whose", ["mine", "a member's"])
async def test_what_somebody_may_do_is_told_of_a_hundred_workspaces_at_once(
    api: httpx2.AsyncClient, cast: Cast, admin: psycopg.Connection[Any], whose: str
) -> None:
    """Fails with all of them at once where nothing bounds them."""
    assert cast.dave.membership is not None
    names = {"org": cast.acme.organization.id, "member": cast.dave.membership.id, "many": 210}
    admin.execute(_JOIN_MANY, names)
    org_id = cast.acme_path.rpartition("/")[2]
    url = {
        "mine": f"{API}/me/permissions?organization_id={org_id}",
        "a member's": f"{cast.acme_path}/members/{cast.dave.member_id}/permissions",
    }[whose]
    pages = list[dict[str, Any]]()
    for _ in range(3):
        answer = await api.get(url, headers=cast.dave.headers)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        url = answer.json()["more_workspaces"]

    assert url is None
    assert [len(page["workspaces"]) for page in pages] == [100, 100, 11]
    assert {page["workspaces_count"] for page in pages} == {211}
    found = [each["workspace_id"] for page in pages for each in page["workspaces"]]
    assert found == sorted(set(found))
    assert {tuple(page["permissions"]) for page in pages} == {tuple(pages[0]["permissions"])}


async def test_what_comes_after_the_last_workspace_is_nothing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    path = f"{cast.acme_path}/members/{cast.dave.member_id}/permissions"
    whole = (await api.get(path, headers=cast.dave.headers)).json()
    beyond = await api.get(f"{path}?after={cast.workspace_id}", headers=cast.dave.headers)
    assert beyond.json() == {**whole, "workspaces": []}
    assert [each["workspace_id"] for each in whole["workspaces"]] == [cast.workspace_id]
