"""GET /api/v1/organizations."""

import httpx2
import pytest

from tests.http.responses import ORGANIZATIONS, ids
from tests.support.cast import Cast
from tests.support.scene import Scene


async def test_everybody_sees_their_own_and_no_one_elses(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    acme, bobs = (path.rpartition("/")[2] for path in (cast.acme_path, cast.bobs_path))
    seen = {
        name: ids(await api.get(ORGANIZATIONS, headers=getattr(cast, name).headers))
        for name in ("alice", "dave", "vera", "bob", "charlie")
    }

    assert {name for name in seen if acme in seen[name]} == {"alice", "dave", "vera"}
    assert {name for name in seen if bobs in seen[name]} == {"bob"}
    assert {name: len(listed) for name, listed in seen.items()} == {
        **dict.fromkeys(("alice", "dave", "vera", "bob"), 2),
        "charlie": 1,
    }


@pytest.mark.parametrize(
    ("name", "role"), [("alice", "admin"), ("dave", "developer"), ("vera", "viewer")]
)
async def test_each_is_shown_as_by_itself_with_ones_own_role(
    api: httpx2.AsyncClient, cast: Cast, name: str, role: str
) -> None:
    headers = getattr(cast, name).headers
    alone = (await api.get(cast.acme_path, headers=headers)).json()

    listed = (await api.get(ORGANIZATIONS, headers=headers)).json()["data"]

    assert alone["role"]["key"] == role
    assert alone in listed


async def test_a_slug_finds_one_of_ones_own(api: httpx2.AsyncClient, cast: Cast) -> None:
    slug = {"slug": cast.acme.organization.slug}

    own = await api.get(ORGANIZATIONS, params=slug, headers=cast.vera.headers)
    foreign = await api.get(ORGANIZATIONS, params=slug, headers=cast.bob.headers)

    assert ids(own) == [cast.acme_path.rpartition("/")[2]]
    assert ids(foreign) == []


@pytest.mark.parametrize(
    "change", ["status = 'suspended'", "expires_at = now() - interval '1 second'"]
)
async def test_who_is_suspended_or_past_their_time_is_as_a_stranger(
    scene: Scene, change: str
) -> None:
    vera, acme = scene.cast.vera, scene.cast.acme_path
    scene.admin.execute(
        f"update memberships set {change} where org_id = %s and user_id = %s".encode(),
        [scene.cast.acme.organization.id, vera.actor.id],
    )

    listed = await scene.api.get(ORGANIZATIONS, headers=vera.headers)
    direct = await scene.api.get(acme, headers=vera.headers)

    assert acme.rpartition("/")[2] not in ids(listed)
    assert direct.status_code == 404


async def test_a_deleted_organization_is_gone_from_the_list(scene: Scene) -> None:
    acme = scene.cast.acme_path
    scene.admin.execute(
        "update organizations set deleted_at = now() where org_id = %s",
        [scene.cast.acme.organization.id],
    )

    listed = await scene.api.get(ORGANIZATIONS, headers=scene.cast.alice.headers)
    direct = await scene.api.get(acme, headers=scene.cast.alice.headers)

    assert acme.rpartition("/")[2] not in ids(listed)
    assert direct.status_code == 404
