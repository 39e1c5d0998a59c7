"""What holds for every page: headers, methods, and who may post."""

import gzip
import re

import httpx2
import pytest

from tests.conftest import BASE_URL, ClientOf
from tests.console.visitor import LINK_TOKEN, Visitor
from tests.support.scene import GOOD_PASSWORD, Scene, new_address

EMAIL_PAGES = ("/verify-email", "/reset-password", "/invitation")
HTML = "text/html; charset=utf-8"
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def keeps_to_itself(answer: httpx2.Response) -> bool:
    headers = answer.headers
    return (
        headers["referrer-policy"] == "no-referrer"
        and headers["cache-control"] == "no-store"
        and headers["content-security-policy"] == POLICY
        and headers.get_list("x-content-type-options") == ["nosniff"]
        and headers.get("content-type", HTML) == HTML
    )


async def test_every_page_keeps_its_address_to_itself(
    api: httpx2.AsyncClient, visitor: Visitor, scene: Scene
) -> None:
    email = scene.cast.charlie.actor.email
    tokens = [
        await scene.signed_up(new_address()),
        await scene.forgot_password(email),
        await scene.invited(email),
    ]
    paths = [f"{path}?token={token}" for path, token in zip(EMAIL_PAGES, tokens, strict=True)]
    for path in ("/", "/dev/mail", *paths, "/invitation?token=unknown"):
        assert keeps_to_itself(await api.get(path)), path
    for path, token in zip(EMAIL_PAGES, tokens, strict=True):
        assert keeps_to_itself(await visitor.open(path, token)), path
    assert keeps_to_itself(await api.get("/invitation/decline"))
    assert keeps_to_itself(await visitor.post("/verify-email", tokens[0]))


async def test_pages_have_no_script_and_no_style_of_their_own(
    api: httpx2.AsyncClient, scene: Scene
) -> None:
    await Visitor(api).open("/invitation", await scene.invited(new_address()))
    for path in ("/", "/dev/mail", "/invitation", "/invitation/decline", "/sign-out"):
        text = (await api.get(path)).text
        assert "<html lang=" in text
        assert re.search(r"<title>.+</title>", text)
        assert not re.search(r"<script|<style|style=|\son\w+=|javascript:", text)


async def test_heads_are_those_of_the_pages(api: httpx2.AsyncClient, scene: Scene) -> None:
    await Visitor(api).open("/invitation", await scene.invited(new_address()))
    for path in ("/", "/invitation"):
        head, shown = await api.head(path), await api.get(path)
        assert head.status_code == 200
        assert head.headers["content-length"] == shown.headers["content-length"]


async def test_a_wrong_method_is_shown_the_right_ones(api: httpx2.AsyncClient) -> None:
    for path in EMAIL_PAGES:
        answer = await api.delete(path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert set((await api.post("/")).headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": f"{BASE_URL}.evil.example"},
        {"Origin": f"{BASE_URL}:8080"},
    ],
)
@pytest.mark.parametrize("path", EMAIL_PAGES)
async def test_another_site_posts_nothing(
    api: httpx2.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await api.post(path, data={"token": "unknown"}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    assert keeps_to_itself(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": BASE_URL},
        {"Sec-Fetch-Site": "none"},
        {"Origin": BASE_URL},
        {"Origin": "null"},
    ],
)
async def test_our_own_pages_may_post(visitor: Visitor, headers: dict[str, str]) -> None:
    answer = await visitor.post("/verify-email", "unknown", headers=headers)
    assert answer.status_code == 404


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b'{"token": "x"}', "application/json", 415),
        (b"token=x", "text/plain", 415),
        (b"token=x", "", 415),
        (b"--a\r\n\r\n--a--", "multipart/form-data; boundary=a", 415),
        (b"token=x&token=x", FORM, 400),
        (b"token=%00", FORM, 400),
        (b"token=x&name=%00", FORM, 400),
        (b"token=x&name=a%1Bb", FORM, 400),
        (b"token=x&name=%FF", FORM, 400),
        (b"token=x&name=%ED%A0%80", FORM, 400),
        (b"token=x&name=\xff", FORM, 400),
        (b"&".join(b"a%d=" % number for number in range(700)), FORM, 400),
        (b"token=" + b"x" * 16_384, FORM, 413),
        (b"", FORM, 403),
        (b"token=%0A", FORM, 403),
        (b"token=x", f"{FORM}; charset=utf-8", 403),
    ],
)
@pytest.mark.parametrize("path", ["/verify-email", "/reset-password"])
async def test_what_is_no_form_is_refused_in_words(
    api: httpx2.AsyncClient, path: str, body: bytes, media_type: str, status: int
) -> None:
    answer = await api.post(path, content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert keeps_to_itself(answer)


async def test_a_compressed_form_is_none(api: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    answer = await api.post("/verify-email", content=gzip.compress(b"token=x"), headers=headers)
    assert answer.status_code == 415


async def test_a_form_that_is_not_read_to_its_end_ends_the_connection(
    api: httpx2.AsyncClient,
) -> None:
    body, headers = b"token=" + b"x" * 16_384, {"Content-Type": FORM}
    answer = await api.post("/verify-email", content=body, headers=headers)
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")


async def test_a_way_that_there_is_not_is_refused(visitor: Visitor, scene: Scene) -> None:
    token = await scene.invited(new_address())
    answer = await visitor.post("/invitation", token, {"way": "climb"})
    assert answer.status_code == 400


async def test_an_outage_is_shown_with_when_to_come_again(client_of: ClientOf) -> None:
    cut_off = await client_of(database_url="host=127.0.0.1 port=1 connect_timeout=1")
    visitor = Visitor(cut_off)
    for answer in (
        await visitor.open("/reset-password", "unknown"),
        await visitor.post("/reset-password", "unknown", {"password": GOOD_PASSWORD}),
    ):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["x-request-id"] in answer.text
        assert keeps_to_itself(answer)
    assert (await cut_off.get("/")).status_code == 200


async def test_styles_are_cached_until_they_change(api: httpx2.AsyncClient) -> None:
    found = re.search(r'href="(/static/console\.css\?v=\w+)"', (await api.get("/")).text)
    assert found is not None
    current = await api.get(found[1])
    assert current.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert current.headers["content-type"].startswith("text/css")
    other = await api.get("/static/console.css?v=other")
    assert other.headers["cache-control"] == "no-cache"
    assert other.content == current.content
    for path in ("/static/console.py", "/static/..%2Fpages.py", "/static/"):
        assert (await api.get(path)).status_code == 404


async def test_pages_may_live_under_a_path(client_of: ClientOf) -> None:
    under = await client_of(base_url="https://example.com/tenants")
    # The proxy in front takes the path off.
    address = "https://example.com/verify-email"
    moved = await under.get(f"{address}?token=x")
    assert moved.headers["location"] == "/tenants/verify-email"
    assert f"__Secure-{LINK_TOKEN}=x; Path=/tenants/verify-email;" in moved.headers["set-cookie"]
    kept = {"Cookie": f"__Secure-{LINK_TOKEN}=x"}
    text = (await under.get(address, headers=kept)).text
    assert 'action="/tenants/verify-email"' in text
    assert 'href="/tenants/static/console.css?v=' in text
    mine = {"Origin": "https://example.com", "Sec-Fetch-Site": "same-origin"}
    answer = await under.post(address, data={"form_token": "x"}, headers=mine)
    assert "This form has expired" in answer.text
