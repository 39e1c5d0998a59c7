"""POST /organizations/{org_id}/api-keys."""

import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tenantry.http.service import Service
from tenantry.kit.bearer_keys import PATTERN
from tenantry.kit.limits import Limits
from tests.conftest import ClientOf
from tests.http.api_keys.keys import account, bearing, is_alive, key
from tests.http.responses import pointers, told
from tests.http.roles.custom import made as custom_role
from tests.support.api.keys import KeyMaker
from tests.support.cast import Cast, join


async def test_the_secret_is_shown_once_and_opens_what_its_role_opens(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    made = await key(api, cast)
    assert re.fullmatch(PATTERN, made["key"])
    assert made["hint"] == made["key"][: len("tnt_sk_") + 4] + "…"
    assert made["owner"] == {"type": "user", "id": cast.alice.id, "name": "Alice"}
    assert (made["role"]["key"], made["workspace_id"], made["expires_at"]) == ("viewer", None, None)
    path = f"{cast.acme_path}/api-keys/{made['id']}"
    for at in (path, f"{cast.acme_path}/api-keys", f"{cast.acme_path}/events"):
        shown = await api.get(at, headers=cast.alice.headers)
        assert shown.status_code == 200
        assert made["key"] not in shown.text
    assert await is_alive(api, cast, made)
    refused = await api.patch(cast.acme_path, json={"name": "Mine"}, headers=bearing(made))
    assert told(refused) == (403, "permission_denied")


async def test_the_same_call_again_says_of_which_key_the_secret_was(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    headers = {**cast.alice.headers, "Idempotency-Key": "once"}
    body = {"name": "Deploy", "role": "viewer"}
    first = await api.post(f"{cast.acme_path}/api-keys", json=body, headers=headers)
    again = await api.post(f"{cast.acme_path}/api-keys", json=body, headers=headers)
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["location"].endswith(f"/api-keys/{first.json()['id']}")
    assert told(again) == (409, "secret_already_shown")
    assert again.json()["id"] == first.json()["id"]
    assert first.json()["key"] not in again.text


async def test_no_one_makes_a_key_above_themselves(
    api: httpx2.AsyncClient, cast: Cast, service: Service
) -> None:
    role = await custom_role(api, cast, permissions=["api_key:manage", "role:read"])
    bob = await join(service, cast.bob, cast.acme, role["key"])
    robot = await account(api, cast, role="admin")
    for body in (
        {"name": "Deploy", "role": "admin"},
        {"name": "Deploy", "role": "viewer"},
        {"name": "Deploy", "role": "developer", "workspace_id": cast.workspace_id},
        {"name": "Nightly", "service_account_id": robot["id"]},
    ):
        answer = await api.post(f"{cast.acme_path}/api-keys", json=body, headers=bob.headers)
        assert told(answer) == (403, "cannot_grant_role")
    assert await is_alive(api, cast, await key(api, cast, bob, role=role["key"]))


async def test_what_cannot_be_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    robot = await account(api, cast)
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    nothing = "0" * 26
    for body, refusal in (
        ({"role": "nobody"}, (422, "role_unknown")),
        ({"role": "viewer", "workspace_id": f"ws_{nothing}"}, (422, "workspace_unknown")),
        ({"service_account_id": f"sa_{nothing}"}, (422, "service_account_unknown")),
        ({"role": "viewer", "expires_at": past}, (422, "expiry_passed")),
    ):
        answer = await api.post(
            f"{cast.acme_path}/api-keys",
            json={"name": "Deploy", **body},
            headers=cast.alice.headers,
        )
        assert told(answer) == refusal
    for body, pointer in (
        ({}, "#/role"),
        ({"service_account_id": robot["id"], "role": "viewer"}, "#/role"),
        ({"service_account_id": robot["id"], "workspace_id": cast.workspace_id}, "#/workspace_id"),
    ):
        answer = await api.post(
            f"{cast.acme_path}/api-keys",
            json={"name": "Deploy", **body},
            headers=cast.alice.headers,
        )
        assert pointers(answer) == [pointer]


async def test_a_key_makes_no_keys_and_a_service_account_invites_no_one(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    robot = await account(api, cast, role="admin")
    of_robot = await key(api, cast, service_account_id=robot["id"])
    own = await key(api, cast, role="admin")
    for bearer in (own, of_robot):
        answer = await api.post(
            f"{cast.acme_path}/api-keys",
            json={"name": "Deploy", "role": "viewer"},
            headers=bearing(bearer),
        )
        assert told(answer) == (403, "person_required")
    invite = f"{cast.acme_path}/members/invite"
    email = {"email": "somebody.new@example.com"}
    refused = await api.post(invite, json=email, headers=bearing(of_robot))
    assert told(refused) == (403, "person_required")
    invited = await api.post(invite, json=email, headers=bearing(own))
    assert invited.status_code == 201, invited.text
    assert invited.json()["invited_by"] == {"id": cast.alice.id, "name": "Alice"}
    events = await api.get(
        f"{cast.acme_path}/events",
        params={"action": "invitation.created", "order": "desc"},
        headers=bearing(of_robot),
    )
    assert events.json()["data"][0]["actor"] == {
        "type": "api_key",
        "id": own["id"],
        "name": "Deploy",
    }


@pytest.mark.parametrize("most", [0, 1])
async def test_there_are_no_more_keys_than_there_may_be(
    client_of: ClientOf, cast: Cast, service: Service, most: int
) -> None:
    if most:
        await KeyMaker(service, cast.alice, cast.acme.organization.id).own("viewer")
    api = await client_of(limits=Limits(api_keys=most))
    answer = await api.post(
        f"{cast.acme_path}/api-keys",
        json={"name": "Deploy", "role": "viewer"},
        headers=cast.alice.headers,
    )
    assert told(answer) == (409, "limit_reached")
    assert (answer.json()["limit"], answer.json()["maximum"]) == ("api_keys", most)
