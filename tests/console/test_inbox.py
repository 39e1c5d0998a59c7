"""The mail that was caught: in development alone, and nothing but emails."""

from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from tests.conftest import ClientOf
from tests.support.scene import Scene, new_address

PATHS = ("/dev/mail", "/dev/mail/message.eml", "/dev/mail/message.eml/html")


async def shown_emails(client: httpx2.AsyncClient) -> str:
    answer = await client.get("/dev/mail")
    assert answer.status_code == 200
    return answer.text


def name_of(mailbox: Path, email: str) -> str:
    return next(mailbox.glob(f"*-{email}.eml")).name


async def test_where_real_mail_is_sent_there_is_none_of_it(client_of: ClientOf) -> None:
    in_production = await client_of(mailbox=None)
    for path in PATHS:
        assert (await in_production.get(path)).status_code == 404
    assert "/dev/mail" not in (await in_production.get("/")).text


async def test_an_empty_mailbox_says_so(client_of: ClientOf, tmp_path: Path) -> None:
    fresh = await client_of(mailbox=tmp_path / "not there yet")
    assert "No emails yet" in await shown_emails(fresh)


async def test_the_newest_email_comes_first(api: httpx2.AsyncClient, scene: Scene) -> None:
    first, second = new_address(), new_address()
    await scene.signed_up(first)
    await scene.signed_up(second)
    text = await shown_emails(api)
    assert text.index(second) < text.index(first)
    assert "Confirm your email address" in text


async def test_an_email_is_shown_with_a_link_to_follow(
    api: httpx2.AsyncClient, scene: Scene, mailbox: Path
) -> None:
    email = new_address()
    token = await scene.invited(email, message="Bring <b>cake</b>\njavascript:alert(1)")
    name = name_of(mailbox, email)
    answer = await api.get(f"/dev/mail/{quote(name)}")
    assert answer.status_code == 200
    assert f'/invitation?token={token}"' in answer.text
    assert "&lt;b&gt;cake" in answer.text
    assert 'href="javascript:' not in answer.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in answer.text


async def test_the_html_of_an_email_is_fenced_in(
    api: httpx2.AsyncClient, scene: Scene, mailbox: Path
) -> None:
    email = new_address()
    await scene.signed_up(email, name="<img src=x onerror=alert(1)>")
    answer = await api.get(f"/dev/mail/{quote(name_of(mailbox, email))}/html")
    policy = answer.headers["content-security-policy"].split("; ")
    assert {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    } <= set(policy)
    assert answer.headers["cache-control"] == "no-store"
    assert '<base target="_blank">' in answer.text
    assert "<img" not in answer.text


async def test_only_emails_of_the_folder_are_shown(client_of: ClientOf, tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    folder.mkdir()
    outside = tmp_path / "secret.eml"
    outside.write_bytes(b"Subject: secret\r\n\r\nsecret")
    (folder / "link.eml").symlink_to(outside)
    (folder / "draft.part").write_bytes(b"Subject: secret\r\n\r\nsecret")
    (folder / "folder.eml").mkdir()
    client = await client_of(mailbox=folder)
    assert "secret" not in await shown_emails(client)
    names = ("../secret.eml", "..", "link.eml", "draft.part", "folder.eml", "\x00", str(outside))
    for name in names:
        for path in (f"/dev/mail/{quote(name, safe='')}", f"/dev/mail/{quote(name, safe='')}/html"):
            answer = await client.get(path)
            assert answer.status_code == 404, name
            assert "secret" not in answer.text.replace(name, "")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"Subject: =?utf-8?q?=3Cscript=3E?=\r\n\r\n<script>"]
)
async def test_a_strange_email_breaks_nothing(
    client_of: ClientOf, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "strange.eml").write_bytes(content)
    client = await client_of(mailbox=tmp_path)
    for path in ("/dev/mail", "/dev/mail/strange.eml"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
