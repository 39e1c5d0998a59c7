"""DELETE /api/v1/organizations/{org_id}, and POST …/restore."""

from typing import Any

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, show
from tests.http.responses import ORGANIZATIONS, ids, told
from tests.support.api.invitations import accept, offered
from tests.support.cast import Cast, Player, join, player
from tests.support.scene import Scene

AGE = "update organizations set deleted_at = now() - interval '30 days' where org_id = %s"


async def delete(api: httpx2.AsyncClient, cast: Cast, by: Player | None = None) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who deletes Acme."""
    return await api.delete(cast.acme_path, headers=(by or cast.alice).headers)


async def restore(api: httpx2.AsyncClient, cast: Cast, by: Player | None = None) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who wants Acme back."""
    return await api.post(f"{cast.acme_path}/restore", headers=(by or cast.alice).headers)


async def listed(api: httpx2.AsyncClient, who: Player, **query: Any) -> list[str]:
    """Which organizations somebody is shown."""
    return ids(await api.get(ORGANIZATIONS, params=query, headers=who.headers))


async def test_a_deleted_one_is_unknown_to_everybody_at_once(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    token = await offered(scene, cast.charlie.actor.email)
    acme = cast.acme_path.rpartition("/")[2]

    assert (await delete(api, cast)).status_code == 204

    for who in (cast.alice, cast.dave, cast.vera, cast.bob):
        for path in ("", "/members", "/workspaces", "/roles", "/events", "/invitations"):
            answer = await api.get(f"{cast.acme_path}{path}", headers=who.headers)
            assert told(answer) == (404, "not_found")
        assert acme not in await listed(api, who)
    assert told(await delete(api, cast)) == (404, "not_found")
    preview = await api.post("/api/v1/invitations/preview", json={"token": token})
    assert told(preview) == (404, "not_found")
    assert told(await accept(scene, cast.charlie, token)) == (404, "not_found")


async def test_its_admins_alone_see_it_and_take_it_back(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    acme = cast.acme_path.rpartition("/")[2]
    token = await offered(scene, cast.charlie.actor.email)
    before = (await api.get(cast.acme_path, headers=cast.alice.headers)).json()
    await delete(api, cast)

    for who in (cast.dave, cast.vera, cast.bob, cast.charlie):
        assert await listed(api, who, status="deleted") == []
        assert told(await restore(api, cast, who)) == (404, "not_found")
    for order in ("asc", "desc"):
        assert await listed(api, cast.alice, status="deleted", order=order) == [acme]
    back = await restore(api, cast)

    assert back.json() == {**before, "updated_at": back.json()["updated_at"]}
    assert await listed(api, cast.alice, status="deleted") == []
    assert (await api.get(cast.acme_path, headers=cast.vera.headers)).status_code == 200
    assert (await accept(scene, cast.charlie, token)).status_code == 200


async def test_restoring_twice_changes_nothing_more(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    await delete(api, cast)
    first = await restore(api, cast)
    events = "select count(*) from events"
    before = scene.admin.execute(events).fetchone()

    assert (await restore(api, cast)).json() == first.json()
    assert scene.admin.execute(events).fetchone() == before


async def test_its_slug_stays_taken(api: httpx2.AsyncClient, cast: Cast) -> None:
    await delete(api, cast)
    body = {"name": "Another", "slug": cast.acme.organization.slug}

    answer = await api.post(ORGANIZATIONS, json=body, headers=cast.bob.headers)

    assert told(answer) == (409, "slug_taken")


async def test_after_thirty_days_no_one_takes_it_back(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    await delete(api, cast)
    scene.admin.execute(AGE, [cast.acme.organization.id])

    assert await listed(api, cast.alice, status="deleted") == []
    assert told(await restore(api, cast)) == (404, "not_found")


@pytest.mark.parametrize("terms", ["status = 'suspended'", "expires_at = now()"])
async def test_an_admin_who_is_as_a_stranger_takes_nothing_back(
    scene: Scene, service: Service, terms: str
) -> None:
    api, cast = scene.api, scene.cast
    eve = await join(service, await player(service, "Eve"), cast.acme, "admin")
    assert eve.membership is not None
    change = f"update memberships set {terms} where id = %s"
    scene.admin.execute(change.encode(), [eve.membership.id])
    await delete(api, cast)

    assert await listed(api, eve, status="deleted") == []
    assert told(await restore(api, cast, eve)) == (404, "not_found")


async def test_a_personal_one_stays(api: httpx2.AsyncClient, cast: Cast) -> None:
    own = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, cast.alice.personal_id)}"

    answer = await api.delete(own, headers=cast.alice.headers)

    assert told(answer) == (409, "personal_organization")
    assert (await api.get(own, headers=cast.alice.headers)).status_code == 200
