"""The workspaces of an organization, in order, page by page, and archived ones if wanted."""

from typing import Any

import pytest

from tests.support.api.invitations import workspace
from tests.support.scene import Scene


async def listed(scene: Scene, **query: Any) -> dict[str, Any]:
    """What Vera is shown of Acme."""
    answer = await scene.api.get(
        f"{scene.cast.acme_path}/workspaces", params=query, headers=scene.cast.vera.headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(page: dict[str, Any]) -> list[str]:
    """Which ones."""
    return [each["name"] for each in page["data"]]


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_every_page_leads_to_the_next_past_what_is_not_seen(scene: Scene, order: str) -> None:
    for name in ("One", "Two", "Three"):
        await workspace(scene, name=name)
        await workspace(scene, name=f"Private {name}", visibility="private")
    expected = ["Default", "One", "Two", "Three"]
    found, query = list[str](), dict[str, Any](order=order, limit=1)

    while query.get("after", "") is not None:
        page = await listed(scene, **query)
        found += names(page)
        query["after"] = page["list_metadata"]["after"]

    assert found == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_archived_ones_are_listed_if_wanted(scene: Scene, order: str) -> None:
    await workspace(scene, name="Lab")
    archive = "update workspaces set archived_at = now() where org_id = %s and slug = 'lab'"
    scene.admin.execute(archive, [scene.cast.acme.organization.id])

    assert names(await listed(scene, order=order)) == ["Default"]
    with_it = await listed(scene, order=order, archived="true")
    assert sorted(names(with_it)) == ["Default", "Lab"]
    (lab,) = [each for each in with_it["data"] if each["name"] == "Lab"]
    assert lab["archived_at"].endswith("Z")
