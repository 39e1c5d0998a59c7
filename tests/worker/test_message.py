"""An email as a message (RFC 5322), and as its two parts."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.ids import new_id
from tenantry.kit.secrets import Secret
from tenantry.kit.text import is_line
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import Branding, Email, Links, RenderedEmail
from tenantry.platform.mail.transports import as_message
from tests.conftest import SENDER
from tests.support.mail.mailbox import part, token_in

LINKS = Links(
    "https://a.test/verify", "https://a.test/reset?lang=en", "https://a.test/i?x=1&y=2", ""
)
HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}{% raw %}"
TEMPLATES = Templates()


def new_email(words: str = "Hello", *, link: str = "https://a.test/?token=x") -> Email:
    """An email to Nora."""
    return Email(
        recipient="nora@example.com",
        name="invitation",
        values={"inviter": words, "role": words, "message": f"{words}\ntwo lines", "until": "then"},
        link=link,
        head=Branding(new_id(), words, "en"),
    )


def composed(of: Email) -> RenderedEmail:
    """The email, laid out."""
    return RenderedEmail(new_id(), of.recipient, **TEMPLATES.render(of))


def test_the_headers_say_from_whom_to_whom_when_and_that_no_person_wrote_it() -> None:
    sent = composed(new_email())
    message = as_message(sent, SENDER)

    date = parsedate_to_datetime(message["Date"])
    assert message["From"] == SENDER
    assert message["To"] == "nora@example.com"
    assert message["Message-ID"] == f"<{sent.id}@tenantry.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert abs(datetime.now(UTC) - date) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("Tenantry <no-reply@tenantry.test>", "tenantry.test"),
        ("no-reply@tenantry.test", "tenantry.test"),
        ("nobody", "nobody"),
    ],
)
def test_each_try_bears_the_same_id_of_the_senders_domain(sender: str, domain: str) -> None:
    sent = composed(new_email())
    tries = {str(as_message(sent, sender)["Message-ID"]) for _ in range(3)}
    assert tries == {f"<{sent.id}@{domain}>"}


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_token_stands_in_one_link_whose_query_ends_with_it(
    kind: Literal["plain", "html"],
) -> None:
    token = Secret.new()
    for page in (LINKS.verify_email, LINKS.reset_password, LINKS.invitation):
        link = LINKS.with_token(page, token)
        body = part(as_message(composed(new_email(link=link)), SENDER), kind).replace("&amp;", "&")
        assert {each.rstrip('"<') for each in re.findall(r"https://\S+?(?=[\"<\s])", body)} == {
            link
        }
        assert link == f"{page}{'&' if '?' in page else '?'}token={token.text}"
    assert body.count(token.text) == (1 if kind == "plain" else 3)


def test_the_link_is_in_one_piece_in_the_source_too() -> None:
    token = Secret.new()
    link = LINKS.with_token("https://" + "a" * 60 + ".test/" + "b" * 200, token)
    message = as_message(composed(new_email("Grüße", link=link)), SENDER)
    assert link.encode() in message.as_bytes()
    assert token_in(message) == token.text


def test_names_are_text_in_html_and_stay_as_they_are_in_the_text() -> None:
    message = as_message(composed(new_email(HOSTILE)), SENDER)
    html = part(message, "html")
    assert "<script" not in html
    assert "49" not in html.replace("#5b6575", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert f"{HOSTILE} invites you to join" in part(message, "plain")


@given(st.text(min_size=1, max_size=100).filter(is_line))
def test_a_name_of_one_line_comes_through_the_subject_and_makes_no_other_header(
    name: str,
) -> None:
    plain = as_message(composed(new_email("x")), SENDER)
    message = as_message(composed(new_email(f"{name} invites you")), SENDER)
    raw = message.as_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    assert message.keys() == plain.keys()
    assert re.findall(rb"(?m)^[^\s:]+(?=:)", head) == [key.encode() for key in plain]
    assert head.isascii()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_end_in_a_header_is_refused_whatever_stands_before(end: str) -> None:
    hostile = f"Hello{end}Bcc: everybody@example.com"
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        as_message(composed(new_email(hostile)), SENDER)
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        as_message(composed(new_email()), f"a@tenantry.test{end}Bcc: everybody@example.com")
