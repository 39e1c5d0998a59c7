"""Roles hold what the product declares, and Admin has all of it."""

import httpx2

from tests.http.permissions.declarations import declared, withdraw
from tests.http.responses import told
from tests.http.roles.custom import change, create, default, hold, made
from tests.support.cast import Cast


async def test_admin_has_what_is_declared_at_once_and_as_long_as_it_is(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    name = await declared(api, cast)

    admin, developer = [await default(api, cast, key) for key in ("admin", "developer")]

    assert name in admin["permissions"]
    assert name not in developer["permissions"]
    await withdraw(api, cast, name)
    assert name not in (await default(api, cast, "admin"))["permissions"]


async def test_roles_hold_it_beside_ours(api: httpx2.AsyncClient, cast: Cast) -> None:
    name = await declared(api, cast)
    role = await made(api, cast, permissions=[name, "event:read", name])

    assert role["permissions"] == ["event:read", name]
    changed = await change(api, cast, role, permissions=[name])
    assert changed.json()["permissions"] == [name]


async def test_what_there_is_not_is_told_by_its_place_and_not_by_its_name(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    role = await made(api, cast)
    for answer in (
        await create(api, cast, permissions=["event:read", "never:declared"]),
        await change(api, cast, role, permissions=["event:read", "never:declared"]),
    ):
        assert told(answer) == (422, "permission_unknown")
        assert [each["pointer"] for each in answer.json()["errors"]] == ["#/permissions/1"]
        assert "never" not in answer.text


async def test_no_one_gives_what_they_do_not_have(api: httpx2.AsyncClient, cast: Cast) -> None:
    theirs, others = await declared(api, cast), await declared(api, cast)
    viewers = (await default(api, cast, "viewer"))["permissions"]
    managers = [*viewers, "role:manage", "member:update", theirs]
    manager = await made(api, cast, name="Manager", permissions=managers)
    beyond = await made(api, cast, name="Beyond", permissions=[others])
    await hold(api, cast, cast.dave, manager)

    allowed = await create(api, cast, by=cast.dave, name="Own", permissions=[theirs])
    refused = await create(api, cast, by=cast.dave, name="Above", permissions=[theirs, others])
    touched = await change(api, cast, beyond, by=cast.dave, name="Mine")
    given = await api.patch(
        f"{cast.acme_path}/members/{cast.vera.member_id}",
        json={"role": beyond["id"]},
        headers=cast.dave.headers,
    )

    assert allowed.status_code == 201
    for answer in (refused, touched, given):
        assert told(answer) == (403, "cannot_grant_role")
        assert answer.json()["missing_permissions"] == [others]


async def test_who_has_all_of_ours_still_gives_no_admin(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    name = await declared(api, cast)
    admin = await default(api, cast, "admin")
    ours = [each for each in admin["permissions"] if each.partition(":")[0] != "thing"]
    nearly = await made(api, cast, name="Nearly", permissions=ours)
    await hold(api, cast, cast.dave, nearly)

    answer = await api.patch(
        f"{cast.acme_path}/members/{cast.vera.member_id}",
        json={"role": "admin"},
        headers=cast.dave.headers,
    )

    assert told(answer) == (403, "cannot_grant_role")
    assert name in answer.json()["missing_permissions"]
