"""Pages of lists: keyset, in both directions, complete while rows come and go."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tenantry.kit.ids import Kind, parse
from tests.conftest import BASE_URL
from tests.http.responses import ORGANIZATIONS, ids
from tests.http.workspaces.calls import made
from tests.support.cast import Cast
from tests.support.scene import Scene


@dataclass(frozen=True)
class Shelf:
    """Seven workspaces of Acme, in the order in which they were made."""

    api: httpx2.AsyncClient
    cast: Cast
    ids: list[str]

    async def page(self, **query: Any) -> httpx2.Response:
        """One page of them."""
        return await self.api.get(
            f"{self.cast.acme_path}/workspaces", params=query, headers=self.cast.alice.headers
        )

    async def add(self) -> str:
        """One more."""
        return (await made(self.api, self.cast))["id"]

    async def walk(self, relation: str, **query: Any) -> list[list[str]]:
        """All pages from one on, by the links of each."""
        answer = await self.page(**query)
        pages = [ids(answer)]
        while relation in answer.links:
            url = answer.links[relation]["url"]
            answer = await self.api.get(url, headers=self.cast.alice.headers)
            pages.append(ids(answer))
        return pages


@pytest.fixture
async def shelf(api: httpx2.AsyncClient, cast: Cast) -> Shelf:
    """Seven workspaces."""
    shelf = Shelf(api, cast, [cast.workspace_id])
    for _ in range(6):
        shelf.ids.append(await shelf.add())
    return shelf


async def test_the_links_lead_to_the_end_and_back(shelf: Shelf) -> None:
    forward = await shelf.walk("next", limit=3)
    backward = await shelf.walk("prev", limit=3, before=shelf.ids[-1])

    a, b, c, d, e, f, g = shelf.ids
    assert forward == [[a, b, c], [d, e, f], [g]]
    assert backward == [[d, e, f], [a, b, c]]


async def test_the_newest_come_first_if_they_are_wanted_first(shelf: Shelf) -> None:
    down = shelf.ids[::-1]

    assert await shelf.walk("next", limit=4, order="desc") == [down[:4], down[4:]]
    assert await shelf.walk("prev", limit=4, order="desc", before=down[-1]) == [
        down[2:6],
        down[:2],
    ]


async def test_the_metadata_names_the_ids_that_the_links_go_on_from(shelf: Shelf) -> None:
    middle = await shelf.page(limit=2, after=shelf.ids[1])
    whole = await shelf.page(limit=7)

    assert ids(middle) == shelf.ids[2:4]
    assert middle.json()["list_metadata"] == {"before": shelf.ids[2], "after": shelf.ids[3]}
    assert middle.links["next"]["url"].endswith(f"?limit=2&after={shelf.ids[3]}")
    assert middle.links["prev"]["url"].endswith(f"?limit=2&before={shelf.ids[2]}")
    assert whole.json()["list_metadata"] == {"before": None, "after": None}
    assert "link" not in whole.headers


async def test_links_are_absolute_and_keep_the_other_parameters(shelf: Shelf) -> None:
    answer = await shelf.page(archived="true", order="desc", limit=1)

    url = f"{BASE_URL}{shelf.cast.acme_path}/workspaces"
    query = f"archived=true&order=desc&limit=1&after={shelf.ids[-1]}"
    assert answer.headers["link"] == f'<{url}?{query}>; rel="next"'


async def test_two_bounds_hold_on_both_sides_from_page_to_page(shelf: Shelf) -> None:
    a, b, c, d, e, f, g = shelf.ids

    assert await shelf.walk("next", limit=2, after=a, before=f) == [[b, c], [d, e]]
    assert await shelf.walk("next", limit=2, after=g, before=b, order="desc") == [[f, e], [d, c]]
    assert await shelf.walk("next", after=d, before=d) == [[]]


async def test_a_row_that_has_gone_is_still_a_place_in_the_list(shelf: Shelf, scene: Scene) -> None:
    _remove(scene, shelf.ids[3])

    assert ids(await shelf.page(after=shelf.ids[3])) == shelf.ids[4:]
    assert ids(await shelf.page(before=shelf.ids[3])) == shelf.ids[:3]


async def test_a_walk_is_complete_while_rows_come_and_go(shelf: Shelf, scene: Scene) -> None:
    answer = await shelf.page(limit=2)
    seen = ids(answer)
    _remove(scene, shelf.ids[0])
    _remove(scene, shelf.ids[1])
    newest = await shelf.add()
    while "next" in answer.links:
        answer = await shelf.api.get(answer.links["next"]["url"], headers=shelf.cast.alice.headers)
        seen += ids(answer)

    assert seen == [*shelf.ids, newest]


async def test_an_end_that_is_exactly_full_has_no_next_page(shelf: Shelf) -> None:
    last = await shelf.page(limit=4, after=shelf.ids[2])

    assert ids(last) == shelf.ids[3:]
    assert "next" not in last.links
    assert last.json()["list_metadata"]["after"] is None


async def test_beyond_the_ends_there_is_nothing(shelf: Shelf) -> None:
    beyond, before = await shelf.page(after=shelf.ids[-1]), await shelf.page(before=shelf.ids[0])

    for answer in (beyond, before):
        assert answer.json() == {"data": [], "list_metadata": {"before": None, "after": None}}


async def test_twenty_are_listed_where_no_number_is_named(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    shelf = Shelf(api, cast, [cast.workspace_id])
    for _ in range(20):
        shelf.ids.append(await shelf.add())

    assert ids(await shelf.page()) == shelf.ids[:20]
    assert ids(await shelf.page(limit=100)) == shelf.ids


async def test_every_list_is_paged_alike(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    await made(api, cast)
    for path in (
        ORGANIZATIONS,
        *(f"{cast.acme_path}/{noun}" for noun in ("workspaces", "roles", "members", "events")),
    ):
        whole = ids(await api.get(path, headers=cast.alice.headers))
        assert len(whole) > 1
        for order, expected in (("asc", whole), ("desc", whole[::-1])):
            answer = await api.get(f"{path}?limit=1&order={order}", headers=cast.alice.headers)
            walked = ids(answer)
            while "next" in answer.links:
                answer = await api.get(answer.links["next"]["url"], headers=cast.alice.headers)
                walked += ids(answer)
            assert walked == expected, path


def _remove(scene: Scene, workspace_id: str) -> None:
    """Let a workspace go: no call brings that about yet."""
    scene.admin.execute(
        "update workspaces set archived_at = now() where org_id = %s and id = %s",
        [scene.cast.acme.organization.id, parse(Kind.WORKSPACE, workspace_id)],
    )
