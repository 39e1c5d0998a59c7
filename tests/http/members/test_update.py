"""PATCH /api/v1/organizations/{org_id}/members/{member_id}."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import ORGANIZATIONS, ids, pointers, told
from tests.http.workspaces.calls import narrow
from tests.support.cast import Cast, Player, join, player
from tests.support.database.contents import contents
from tests.support.scene import Scene

BAD_TERMS: list[tuple[str, list[Any]]] = [
    ("role", ["", "Admin", None, 5, "role_x"]),
    ("status", ["", "expired", "Active", None, True]),
    (
        "expires_at",
        [
            *("", "tomorrow", "2099-01-31", "2099-01-31T12:00:00", 4102444800, True),
            *("2099-02-30T12:00:00Z", "2099-01-31 12:00:00Z", "9999-12-31T23:59:59-23:59"),
        ],
    ),
    ("user", [{}]),
    ("workspaces", [[]]),
]


async def patch(
    api: httpx2.AsyncClient, cast: Cast, who: Player, by: Player | None = None, **body: Any
) -> httpx2.Response:
    """The answer to Alice, or to somebody else, who changes a member of Acme."""
    return await api.patch(
        f"{cast.acme_path}/members/{who.member_id}", json=body, headers=(by or cast.alice).headers
    )


def soon(**later: float) -> str:
    """A time to come, as the wire has it."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat().replace("+00:00", "Z")


@pytest.fixture
async def eve(cast: Cast, service: Service) -> Player:
    """A second Admin of Acme."""
    return await join(service, await player(service, "Eve"), cast.acme, "admin")


async def test_a_new_role_holds_from_the_next_request_on(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    changed = await patch(api, cast, cast.vera, role="developer")

    seen = await api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}", headers=cast.alice.headers
    )
    made = await api.post(
        f"{cast.acme_path}/workspaces", json={"name": "Lab"}, headers=cast.vera.headers
    )
    assert changed.json()["role"]["key"] == "developer"
    assert (changed.json(), changed.headers["etag"]) == (seen.json(), seen.headers["etag"])
    assert made.status_code == 201


async def test_a_role_is_named_by_its_id_as_well(api: httpx2.AsyncClient, cast: Cast) -> None:
    roles = (await api.get(f"{cast.acme_path}/roles", headers=cast.alice.headers)).json()["data"]
    (admin,) = [each["id"] for each in roles if each["key"] == "admin"]

    assert (await patch(api, cast, cast.dave, role=admin)).json()["role"]["id"] == admin


@pytest.mark.parametrize("terms", [{"status": "suspended"}, {"expires_at": "past"}])
async def test_who_is_suspended_or_out_of_time_is_as_a_stranger(
    scene: Scene, terms: dict[str, Any]
) -> None:
    api, cast = scene.api, scene.cast
    body: dict[str, Any] = {
        name: soon(days=1) if at == "past" else at for name, at in terms.items()
    }
    assert (await patch(api, cast, cast.vera, **body)).status_code == 200
    if "expires_at" in terms:
        assert cast.vera.membership is not None
        scene.admin.execute(
            "update memberships set expires_at = now() where id = %s", [cast.vera.membership.id]
        )

    for path in ("", "/members", "/workspaces", f"/members/{cast.vera.member_id}"):
        answer = await api.get(f"{cast.acme_path}{path}", headers=cast.vera.headers)
        assert told(answer) == (404, "not_found")
    own = await api.get(ORGANIZATIONS, headers=cast.vera.headers)
    left = await api.delete(f"{cast.acme_path}/members/me", headers=cast.vera.headers)
    shown = await api.get(f"{cast.acme_path}/members", headers=cast.dave.headers)
    assert cast.acme_path.rpartition("/")[2] not in ids(own)
    assert told(left) == (404, "not_found")
    assert cast.vera.member_id in ids(shown)


async def test_who_is_let_in_again_has_what_they_had(api: httpx2.AsyncClient, cast: Cast) -> None:
    await patch(api, cast, cast.dave, status="suspended", expires_at=soon(hours=1))

    back = await patch(api, cast, cast.dave, status="active", expires_at=None)

    assert (back.json()["status"], back.json()["expires_at"]) == ("active", None)
    assert back.json()["role"]["key"] == "developer"
    assert (await api.get(cast.acme_path, headers=cast.dave.headers)).status_code == 200


async def test_an_end_is_told_in_utc_whatever_its_offset_was(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    changed = await patch(api, cast, cast.vera, expires_at="2099-01-31t12:00:00.25+02:00")
    seen = await api.get(
        f"{cast.acme_path}/members/{cast.vera.member_id}", headers=cast.alice.headers
    )

    assert changed.json()["expires_at"] == "2099-01-31T10:00:00.250000Z"
    assert changed.json() == seen.json()


@pytest.mark.parametrize(("field", "values"), BAD_TERMS)
async def test_what_is_not_acceptable_is_refused_by_name(
    scene: Scene, field: str, values: list[Any]
) -> None:
    before = contents(scene)

    for value in values:
        answer = await patch(scene.api, scene.cast, scene.cast.vera, **{field: value})
        assert pointers(answer) == [f"#/{field}"], repr(value)

    assert contents(scene) == before


async def test_no_membership_ends_in_the_past(scene: Scene) -> None:
    before = contents(scene)

    answer = await patch(scene.api, scene.cast, scene.cast.vera, expires_at=soon(seconds=-1))

    assert told(answer) == (422, "expiry_passed")
    assert answer.json()["errors"][0]["pointer"] == "#/expires_at"
    assert contents(scene) == before


async def test_an_unknown_role_and_an_unknown_member_are_told_apart(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    no_one = f"{cast.acme_path}/members/{show(Kind.MEMBERSHIP, new_id())}"
    answer = await api.patch(no_one, json={"role": "emperor"}, headers=cast.alice.headers)

    assert told(await patch(api, cast, cast.vera, role="emperor")) == (422, "role_unknown")
    assert told(answer) == (404, "not_found")


async def test_what_is_as_it_was_leaves_no_trace(scene: Scene) -> None:
    await patch(scene.api, scene.cast, scene.cast.vera)  # raises the revision alone
    events = "select count(*) from events"
    before = scene.admin.execute(events).fetchone()

    same: list[dict[str, Any]] = [
        {},
        {"role": "viewer"},
        {"status": "active"},
        {"expires_at": None},
    ]
    for body in same:
        answer = await patch(scene.api, scene.cast, scene.cast.vera, **body)
        assert answer.status_code == 200
        assert answer.json()["updated_at"] == answer.json()["created_at"]

    assert scene.admin.execute(events).fetchone() == before


async def test_a_change_of_another_version_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    path = f"{cast.acme_path}/members/{cast.vera.member_id}"
    shown = await api.get(path, headers=cast.alice.headers)
    headers = {**cast.alice.headers, "If-Match": shown.headers["etag"]}

    first = await api.patch(path, json={"role": "developer"}, headers=headers)
    second = await api.patch(path, json={"role": "admin"}, headers=headers)

    assert first.status_code == 200
    assert told(second) == (412, "precondition_failed")


@pytest.mark.parametrize(
    "body", [{"role": "developer"}, {"status": "suspended"}, {"expires_at": "soon"}]
)
async def test_the_last_admin_who_lasts_stays_one(
    scene: Scene, eve: Player, body: dict[str, Any]
) -> None:
    body = {name: soon(days=1) if at == "soon" else at for name, at in body.items()}
    alice = scene.cast.alice

    assert (await patch(scene.api, scene.cast, eve, **body)).status_code == 200
    before = contents(scene)
    refused = await patch(scene.api, scene.cast, alice, **body)

    assert told(refused) == (409, "last_admin")
    assert contents(scene) == before


async def test_no_one_gives_more_than_they_have_or_touches_who_has_more(scene: Scene) -> None:
    api, cast = scene.api, scene.cast
    narrow(scene, cast.dave, "member:update", "member:read", "organization:read", "role:read")
    scene.admin.execute(
        "update roles set permissions = %s where org_id = %s and key = 'viewer'",
        [["member:read", "organization:read"], cast.acme.organization.id],
    )
    before = contents(scene)

    attempts: list[tuple[Player, dict[str, Any]]] = [
        (cast.vera, {"role": "admin"}),
        (cast.vera, {"role": "developer"}),
        (cast.alice, {"role": "viewer"}),
        (cast.alice, {"status": "suspended"}),
        (cast.alice, {"expires_at": soon(days=1)}),
    ]
    for who, body in attempts:
        answer = await patch(api, cast, who, cast.dave, **body)
        assert told(answer) == (403, "cannot_grant_role")
        assert answer.json()["missing_permissions"]

    assert contents(scene) == before
    assert (await patch(api, cast, cast.vera, cast.dave, status="suspended")).status_code == 200


@pytest.mark.parametrize(
    "body", [{"role": "viewer"}, {"status": "suspended"}, {"expires_at": "soon"}]
)
async def test_the_owner_of_a_personal_organization_stays_what_they_are(
    api: httpx2.AsyncClient, cast: Cast, body: dict[str, Any]
) -> None:
    body = {name: soon(days=1) if at == "soon" else at for name, at in body.items()}
    members = f"{ORGANIZATIONS}/{show(Kind.ORGANIZATION, cast.charlie.personal_id)}/members"
    (own,) = ids(await api.get(members, headers=cast.charlie.headers))

    answer = await api.patch(f"{members}/{own}", json=body, headers=cast.charlie.headers)

    assert told(answer) == (409, "personal_organization")
