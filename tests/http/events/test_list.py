"""GET /api/v1/organizations/{org_id}/events."""

from typing import Any

import httpx2

from tests.http.responses import pointers
from tests.support.cast import Cast


async def events(api: httpx2.AsyncClient, cast: Cast, **query: str) -> list[dict[str, Any]]:
    """What happened in Acme."""
    answer = await api.get(f"{cast.acme_path}/events", params=query, headers=cast.alice.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_an_act_is_told_with_who_did_it_to_what_and_how(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    headers = {**cast.alice.headers, "X-Request-ID": "from-the-shop-42"}
    await api.patch(cast.acme_path, json={"name": "Acme and Sons"}, headers=headers)

    (event,) = await events(api, cast, action="organization.updated")

    acme = cast.acme_path.rpartition("/")[2]
    assert event["organization_id"] == acme
    assert event["actor"] == {"type": "user", "id": cast.alice.id, "name": "Alice"}
    assert event["targets"] == [{"type": "organization", "id": acme, "name": "Acme and Sons"}]
    assert event["changes"] == [
        {
            "type": "organization",
            "id": acme,
            "before": {"name": "Acme"},
            "after": {"name": "Acme and Sons"},
        }
    ]
    assert event["request_id"] == "from-the-shop-42"
    assert event["occurred_at"].endswith("Z")


async def test_the_oldest_come_first_and_desc_turns_it_round(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    await api.patch(cast.acme_path, json={"locale": "de"}, headers=cast.alice.headers)

    forward = [event["action"] for event in await events(api, cast)]
    backward = [event["action"] for event in await events(api, cast, order="desc")]

    assert forward == ["organization.created", "organization.updated"]
    assert backward == forward[::-1]


async def test_an_action_that_never_happened_lists_nothing(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    assert await events(api, cast, action="organization.exploded") == []


async def test_no_secret_is_told(api: httpx2.AsyncClient, cast: Cast) -> None:
    await api.post(
        f"{cast.acme_path}/members/invite",
        json={"email": cast.charlie.actor.email},
        headers=cast.alice.headers,
    )

    (event,) = await events(api, cast, action="invitation.created")

    (change,) = event["changes"]
    assert set(change["after"]) == {
        *("email", "role", "status", "workspaces", "expires_at", "invited_by")
    }


async def test_an_action_is_a_text_of_bounded_length(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await api.get(
        f"{cast.acme_path}/events", params={"action": "x" * 501}, headers=cast.alice.headers
    )
    assert pointers(answer) == ["action"]
