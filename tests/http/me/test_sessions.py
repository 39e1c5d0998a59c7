"""GET /api/v1/me/sessions and DELETE /api/v1/me/sessions/{session_id}."""

import httpx2

from tenantry.kit.ids import Kind, new_id, show
from tests.http.responses import API, ids, told
from tests.support.api.signed_in import TOKEN, Tokens, is_alive
from tests.support.cast import PASSWORD, Cast

SESSIONS = f"{API}/me/sessions"


async def signed_in(api: httpx2.AsyncClient, cast: Cast, device: str) -> Tokens:
    """Charlie on another device."""
    form = {
        "grant_type": "password",
        "username": cast.charlie.actor.email,
        "password": PASSWORD,
    }
    return Tokens.of(await api.post(TOKEN, data=form, headers={"User-Agent": device}))


async def test_every_device_is_listed_and_the_present_one_is_marked(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    phone = await signed_in(api, cast, "Phone/1.0")

    listed = (await api.get(SESSIONS, headers=phone.headers)).json()["data"]

    assert [(each["user_agent"], each["is_current"]) for each in listed] == [
        ("tests", False),
        ("Phone/1.0", True),
    ]
    assert listed[1]["network"]
    assert listed[1]["created_at"] < listed[1]["expires_at"]


async def test_what_a_device_says_of_itself_is_kept_short_and_printable(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    phone = await signed_in(api, cast, "Phone\t" + "9" * 500)

    listed = (await api.get(SESSIONS, headers=phone.headers)).json()["data"]

    assert listed[1]["user_agent"] == "Phone" + "9" * 194


async def test_one_is_ended_by_its_id(api: httpx2.AsyncClient, cast: Cast) -> None:
    phone, desk = await signed_in(api, cast, "Phone"), await signed_in(api, cast, "Desk")
    _, first, second = ids(await api.get(SESSIONS, headers=desk.headers))

    answer = await api.delete(f"{SESSIONS}/{first}", headers=desk.headers)

    assert (answer.status_code, answer.content) == (204, b"")
    assert not await is_alive(api, phone)
    assert ids(await api.get(SESSIONS, headers=desk.headers))[1:] == [second]


async def test_what_is_no_session_of_ones_own_is_not_found(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    others = show(Kind.SESSION, cast.alice.actor.session_id)

    for session_id in (others, show(Kind.SESSION, new_id()), cast.charlie.id, "x"):
        answer = await api.delete(f"{SESSIONS}/{session_id}", headers=cast.charlie.headers)
        assert told(answer) == (404, "not_found")
    assert (await api.get(f"{API}/me", headers=cast.alice.headers)).status_code == 200
