"""What a browser keeps for us: who is signed in, and which email it opened."""

from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest

from tenantry.http.cookies import SESSION, VISITOR, Cookie, Jar
from tests.conftest import ClientOf
from tests.console.visitor import LINK_TOKEN, Visitor
from tests.support.cast import PASSWORD
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

SIGNING_IN = {"way": "sign-in", "password": PASSWORD}


def cookies_of(answer: httpx2.Response) -> dict[str, Morsel[str]]:
    parsed = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        parsed.load(line)
    return dict(parsed)


async def signed_in(visitor: Visitor, scene: Scene) -> str:
    """Charlie's address, signed in here, with the email of another invitation opened."""
    email = scene.cast.charlie.actor.email
    await visitor.post("/invitation", await scene.invited(email), SIGNING_IN)
    await visitor.open("/invitation", await scene.invited(email, by=scene.cast.bob))
    return email


async def test_following_a_link_puts_its_token_away(visitor: Visitor, scene: Scene) -> None:
    token = await scene.invited(new_address())
    moved = await visitor.client.get("/invitation", params={"token": token, "utm": "x"})
    assert moved.status_code == 303
    assert moved.headers["location"] == "/invitation"
    assert moved.headers["referrer-policy"] == "no-referrer"
    assert moved.headers["cache-control"] == "no-store"
    (name, kept), *others = cookies_of(moved).items()
    assert not others
    assert (name, kept.value, kept["path"], kept["max-age"]) == (
        LINK_TOKEN,
        token,
        "/invitation",
        "3600",
    )
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"
    assert not kept["secure"]
    page = await visitor.client.get("/invitation")
    assert token not in page.text
    assert all(token not in line for line in page.headers.get_list("set-cookie"))


async def test_an_email_is_put_away_once_it_is_declined(visitor: Visitor, scene: Scene) -> None:
    email = new_address()
    declined = await visitor.post("/invitation/decline", await scene.invited(email))
    assert "Invitation declined" in declined.text
    assert cookies_of(declined)[LINK_TOKEN]["max-age"] == "0"
    assert scene.answers_to(email) == ["declined"]
    again = await visitor.client.get("/invitation")
    assert again.status_code == 404
    assert "It may be incomplete" in again.text


async def test_under_https_cookies_are_secure_and_cannot_be_planted(
    client_of: ClientOf, scene: Scene
) -> None:
    visitor = Visitor(await client_of(base_url="https://tenantry.example"))
    token = await scene.invited(scene.cast.charlie.actor.email)
    moved = await visitor.client.get("/invitation", params={"token": token})
    shown = await visitor.client.get("/invitation")
    form = {"form_token": await visitor.proof(token), **SIGNING_IN}
    joined = await visitor.client.post("/invitation", data=form)
    assert joined.status_code == 303
    names = {
        "__Secure-tenantry-link-token": (moved, "/invitation"),
        "__Host-tenantry-visitor": (shown, "/"),
        "__Host-tenantry-session": (joined, "/"),
    }
    for name, (answer, path) in names.items():
        kept = cookies_of(answer)[name]
        assert kept["secure"]
        assert kept["httponly"]
        assert (kept["samesite"], kept["path"], kept["domain"]) == ("Lax", path, "")
    planted = await visitor.client.get(
        "/invitation", headers={"Cookie": f"tenantry-session=x; {LINK_TOKEN}={token}"}
    )
    assert planted.status_code == 404


async def test_who_is_signed_in_is_asked_of_the_database_each_time(
    visitor: Visitor, scene: Scene
) -> None:
    email = await signed_in(visitor, scene)
    assert "Accept and join" in (await visitor.client.get("/invitation")).text
    scene.admin.execute("update users set disabled_at = now() where email = %s", [email])
    assert "Sign in and join" in (await visitor.client.get("/invitation")).text
    scene.admin.execute("update users set disabled_at = null where email = %s", [email])
    assert "Accept and join" in (await visitor.client.get("/invitation")).text
    token = await scene.forgot_password(email)
    await Visitor(visitor.client).post("/reset-password", token, {"password": GOOD_PASSWORD})
    assert "Sign in and join" in (await visitor.client.get("/invitation")).text


async def test_a_session_that_ended_meanwhile_accepts_nothing(
    visitor: Visitor, scene: Scene
) -> None:
    email = await signed_in(visitor, scene)
    message = visitor.client.cookies[LINK_TOKEN]
    form = {"form_token": await visitor.proof(message), "way": "accept"}
    scene.admin.execute(
        """update sessions set ended_at = now() where ended_at is null
            and user_id = (select id from users where email = %s)""",
        [email],
    )
    answer = await visitor.client.post("/invitation", data=form)
    assert answer.status_code == 303
    assert "Sign in and join" in (await visitor.client.get("/invitation")).text
    assert scene.answers_to(email) == ["accepted", "pending"]


async def test_signing_out_ends_the_session(visitor: Visitor, scene: Scene) -> None:
    email = await signed_in(visitor, scene)
    before = scene.open_sessions(email)
    answer = await visitor.sign_out()
    assert "You are signed out" in answer.text
    assert cookies_of(answer)["tenantry-session"]["max-age"] == "0"
    assert scene.open_sessions(email) == before - 1


async def test_signing_in_again_ends_the_session_before(visitor: Visitor, scene: Scene) -> None:
    email = await signed_in(visitor, scene)
    before = scene.open_sessions(email)
    await visitor.post("/invitation", visitor.client.cookies[LINK_TOKEN], SIGNING_IN)
    assert scene.answers_to(email) == ["accepted", "accepted"]
    assert scene.open_sessions(email) == before


async def test_the_api_knows_no_cookies(visitor: Visitor, scene: Scene) -> None:
    await signed_in(visitor, scene)
    assert (await visitor.client.get("/api/v1/me")).status_code == 401


async def test_a_secret_that_was_rotated_away_signs_no_one_in(
    visitor: Visitor, scene: Scene
) -> None:
    await signed_in(visitor, scene)
    secret = visitor.client.cookies["tenantry-session"]
    form = {"grant_type": "refresh_token", "refresh_token": secret}
    assert (await visitor.client.post("/api/v1/auth/token", data=form)).status_code == 200
    assert "Sign in and join" in (await visitor.client.get("/invitation")).text


@pytest.mark.parametrize(
    "header",
    [
        "",
        "tenantry-session",
        "tenantry-session=",
        "tenantry-session=a b",
        "tenantry-session=a; tenantry-session=b",
        "tenantry-session=; tenantry-session=b",
        f"tenantry-session={'a' * 513}",
        "tenantry-session=\u00e9",
        "tenantry-session=a, tenantry-session=b",
    ],
)
def test_what_cannot_be_a_cookie_of_ours_is_none(header: str) -> None:
    assert Jar(header, is_https=False).get(SESSION) == ""


def test_the_last_change_of_a_cookie_counts() -> None:
    jar = Jar("other=1; tenantry-session=old", is_https=False)
    assert jar.get(SESSION) == "old"
    jar.drop(SESSION)
    assert jar.get(SESSION) == ""
    jar.put(SESSION, "new")
    jar.put(VISITOR, "v")
    jar.put(Cookie("short", "/path", 60), "s")
    assert jar.get(SESSION) == "new"
    assert jar.changes == [
        "tenantry-session=new; Path=/; HttpOnly; SameSite=Lax",
        "tenantry-visitor=v; Path=/; HttpOnly; SameSite=Lax",
        "short=s; Path=/path; Max-Age=60; HttpOnly; SameSite=Lax",
    ]
