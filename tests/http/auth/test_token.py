"""POST /api/v1/auth/token, which speaks OAuth (RFC 6749)."""

from urllib.parse import urlencode

import httpx2

from tests.support.api.signed_in import TOKEN, Tokens, is_alive, refresh, sign_in
from tests.support.cast import PASSWORD, Cast
from tests.support.database.contents import contents
from tests.support.scene import Scene, new_address

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def oauth(answer: httpx2.Response) -> tuple[int, str]:
    """Status and error, in OAuth's shape."""
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


async def ask(api: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    """The answer to a token request."""
    return await api.post(TOKEN, data=form)


async def test_a_password_gives_tokens_that_work(api: httpx2.AsyncClient, cast: Cast) -> None:
    answer = await sign_in(api, cast.charlie.actor.email.upper())

    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)
    assert answer.headers["cache-control"] == "no-store"
    assert await is_alive(api, Tokens.of(answer))


async def test_a_refresh_token_gives_others_of_the_same_session(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    first = Tokens.of(await sign_in(api, cast.charlie.actor.email))
    sessions = await api.get("/api/v1/me/sessions", headers=first.headers)

    second = Tokens.of(await refresh(api, first.refresh))

    again = await api.get("/api/v1/me/sessions", headers=second.headers)
    assert second.refresh != first.refresh
    assert [each["id"] for each in again.json()["data"]] == [
        each["id"] for each in sessions.json()["data"]
    ]


async def test_what_fails_to_authenticate_is_401_with_a_challenge(
    api: httpx2.AsyncClient, cast: Cast
) -> None:
    for email, password in (
        (cast.charlie.actor.email, "not the right one"),
        (cast.charlie.actor.email, "x" * 5000),
        (new_address(), PASSWORD),
        ("no address at all", PASSWORD),
        ("nul\0@example.com", "\0"),
    ):
        answer = await sign_in(api, email, password)
        assert oauth(answer) == (401, "invalid_grant")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["error_description"] == "Wrong email address or password."


async def test_a_refresh_token_of_nobodys_is_400(api: httpx2.AsyncClient) -> None:
    for token in ("A" * 43, "x", "x" * 5000, "ü"):
        assert oauth(await refresh(api, token)) == (400, "invalid_grant")


async def test_a_request_that_cannot_be_understood_is_told_in_oauths_words(
    api: httpx2.AsyncClient, scene: Scene
) -> None:
    before = contents(scene)
    password = {"grant_type": "password"}

    assert oauth(await ask(api, username="a@b.example")) == (400, "invalid_request")
    assert oauth(await ask(api, **password, username="a@b.example")) == (400, "invalid_request")
    assert oauth(await ask(api, **password, password=PASSWORD)) == (400, "invalid_request")
    assert oauth(await ask(api, grant_type="refresh_token")) == (400, "invalid_request")
    assert oauth(await refresh(api, "nul\0")) == (400, "invalid_request")
    for grant_type in ("client_credentials", "Password", "authorization_code"):
        answer = await ask(api, grant_type=grant_type)
        assert oauth(answer) == (400, "unsupported_grant_type")
    assert contents(scene) == before


async def test_what_can_be_read_in_two_ways_is_refused(api: httpx2.AsyncClient, cast: Cast) -> None:
    good = urlencode(
        {"grant_type": "password", "username": cast.alice.actor.email, "password": PASSWORD}
    ).encode()
    for body in (
        good + b"&grant_type=password",
        good + b"%ff",
        good + b"\xff",
        b"&".join([good, *(b"p%d=" % number for number in range(100))]),
    ):
        answer = await api.post(TOKEN, content=body, headers=FORM)
        assert oauth(answer) == (400, "invalid_request")


async def test_what_oauth_does_not_know_is_ignored(api: httpx2.AsyncClient, cast: Cast) -> None:
    form = {
        "grant_type": "password",
        "username": cast.charlie.actor.email,
        "password": PASSWORD,
        "client_id": "swagger",
        "scope": "",
        "resource": "https://elsewhere.example",
    }

    answer = await api.post(f"{TOKEN}?audience=anything", data=form)

    assert answer.status_code == 200


async def test_what_is_not_oauths_matter_is_a_problem(api: httpx2.AsyncClient) -> None:
    as_json = await api.post(TOKEN, json={"grant_type": "password"})
    large = await api.post(TOKEN, content=b"x" * (1024 * 1024 + 1), headers=FORM)

    assert (as_json.status_code, as_json.json()["code"]) == (415, "unsupported_media_type")
    assert (large.status_code, large.json()["code"]) == (413, "payload_too_large")
