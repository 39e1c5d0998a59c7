"""PATCH /api/v1/organizations/{org_id}/roles/{role_id}."""

import httpx2

from tests.http.responses import pointers, told
from tests.http.roles.custom import change, default, hold, made, path
from tests.support.cast import Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene


async def test_a_change_says_which_version_it_means(api: httpx2.AsyncClient, cast: Cast) -> None:
    role = await made(api, cast)
    where, body = path(cast, role), {"name": "Reviewer"}
    seen = (await api.get(where, headers=cast.alice.headers)).headers["etag"]

    blind = await api.patch(where, json=body, headers=cast.alice.headers)
    first = await api.patch(where, json=body, headers={**cast.alice.headers, "If-Match": seen})
    late = await api.patch(where, json=body, headers={**cast.alice.headers, "If-Match": seen})

    assert told(blind) == (428, "precondition_required")
    assert (first.status_code, first.json()["name"]) == (200, "Reviewer")
    assert first.headers["etag"] != seen
    assert told(late) == (412, "precondition_failed")


async def test_it_counts_on_the_next_request_of_who_holds_the_role(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role = await made(api, cast)
    await hold(api, cast, cast.dave, role)
    events = f"{cast.acme_path}/events"
    assert (await api.get(events, headers=cast.dave.headers)).status_code == 200

    await change(api, cast, role, permissions=[])

    assert told(await api.get(events, headers=cast.dave.headers)) == (403, "permission_denied")


async def test_what_is_not_named_stays(api: httpx2.AsyncClient, cast: Cast) -> None:
    role = await made(api, cast, description="Reads")

    changed = (await change(api, cast, role, name="Reviewer")).json()

    assert changed == {**role, "name": "Reviewer", "updated_at": changed["updated_at"]}
    assert (await change(api, cast, role)).json() == changed
    for field in ("name", "description", "permissions"):
        assert pointers(await change(api, cast, role, **{field: None})) == [f"#/{field}"]
    assert pointers(await change(api, cast, role, key="other")) == ["#/key"]


async def test_a_default_role_stays_as_it_is(scene: Scene) -> None:
    viewer = await default(scene.api, scene.cast, "viewer")
    before = contents(scene)

    answer = await change(scene.api, scene.cast, viewer, name="Guest")

    assert told(answer) == (409, "default_role")
    assert contents(scene) == before


async def test_no_one_changes_what_is_above_them_or_lifts_a_role_above_them(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    keeper = await made(api, cast, name="Keeper", permissions=["role:read", "role:manage"])
    auditor = await made(api, cast)
    await hold(api, cast, cast.dave, keeper)

    for role, permissions in ((auditor, list[str]()), (keeper, ["event:read"])):
        body = {"permissions": permissions}
        answer = await change(api, cast, role, by=cast.dave, permissions=permissions)
        assert told(answer) == (403, "cannot_grant_role")
        # That one may not at all is told before that no version was named.
        blind = await api.patch(path(cast, role), json=body, headers=cast.dave.headers)
        assert told(blind) == (403, "cannot_grant_role")
    lowered = await change(api, cast, keeper, by=cast.dave, permissions=["role:manage"])
    assert lowered.status_code == 200
