"""What emails say, in which language, and what no one's name can make of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.kit.text import is_line, is_plain
from tenantry.platform.mail.layout import Rendered, Templates
from tenantry.platform.mail.model import Email, Notification
from tests.support.mail.mail_server.every_email import BASE, every_email

TEMPLATES = Templates()
LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
URL = re.compile(r"\w+://[^\s\"'<>]+")
TAGS = re.compile(r"<(/?[a-z]+)")

# What a name may be, and what a message may be.
LINES = st.text(min_size=1, max_size=100).filter(is_line)
MESSAGES = st.text(max_size=200).filter(is_plain)


def printed(email: Email | Notification, language: str) -> Rendered:
    """The email, where the organization or its reader has this language."""
    if email.head is not None:
        email = replace(email, head=replace(email.head, locale=language))
    return TEMPLATES.render(email, [language])


def of(name: str) -> Email | Notification:
    """The email of this name."""
    return next(each for each in every_email() if each.name == name)


def test_there_is_a_template_for_every_email_and_an_email_for_every_template() -> None:
    assert sorted(email.name for email in every_email()) == TEMPLATES.names
    assert list(TEMPLATES.languages) == ["de", "en"]
    assert all(
        TEMPLATES.has(f"{language}/{name}.j2")
        for language in TEMPLATES.languages
        for name in TEMPLATES.names
    )


@LANGUAGES
def test_each_is_whole_in_each_language(language: str) -> None:
    for email in every_email():
        sent = printed(email, language)
        assert sent["language"] == language
        assert f'<html lang="{language}">' in sent["html"]
        assert sent["subject"] == sent["subject"].strip() != ""
        assert "\n\n\n" not in sent["text"]
        assert sent["text"] == sent["text"].strip() + "\n"
        assert URL.findall(sent["text"]) == ([email.link] if email.link else [])
        links = URL.findall(unescape(sent["html"]))
        assert links == ([email.link] * 3 if email.link else [])


def test_the_texts_differ_between_languages() -> None:
    for email in every_email():
        english, german = (printed(email, language) for language in ("en", "de"))
        assert english["subject"] != german["subject"]
        assert english["text"] != german["text"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "9 March 2026, 14:05 UTC"), ("de", "9. März 2026 um 14:05 Uhr (UTC)")],
)
def test_a_point_in_time_is_written_as_the_language_does(language: str, words: str) -> None:
    sent = printed(of("invitation"), language)
    assert f"{words}." in sent["text"]
    assert f"{words}." in sent["html"]


@LANGUAGES
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_name(language: str, month: int) -> None:
    until = datetime(2026, month, 1, 0, 0, tzinfo=UTC)
    email = of("invitation")
    sent = printed(replace(email, values={**email.values, "until": until}), language)
    assert re.search(r"1\.? [^\W\d]+ 2026", sent["text"])


@pytest.mark.parametrize(
    ("locale", "wanted", "language"),
    [
        ("de", [], "de"),
        ("de-AT", ["en"], "de"),
        ("en", ["de-CH", "en"], "de"),
        ("en", [], "en"),
        ("en-GB", ["de"], "en"),
        ("fr", ["de"], "en"),
    ],
)
def test_the_organizations_language_comes_before_the_callers_save_where_it_chose_none(
    locale: str, wanted: list[str], language: str
) -> None:
    email = of("role_changed")
    assert email.head is not None
    email = replace(email, head=replace(email.head, locale=locale))
    assert TEMPLATES.render(email, wanted)["language"] == language


def test_an_email_about_an_account_follows_its_reader() -> None:
    assert TEMPLATES.render(of("verification"), ["de"])["language"] == "de"
    assert TEMPLATES.render(of("verification"), ["fr"])["language"] == "en"


@LANGUAGES
@given(LINES, MESSAGES)
def test_no_name_and_no_message_makes_markup_a_header_or_another_link(
    language: str, name: str, message: str
) -> None:
    usual = "Hello" if message else ""
    plain = {email.name: printed(email, language) for email in every_email(message=usual)}
    for email in every_email(name, message):
        sent, harmless = printed(email, language), plain[email.name]
        assert "\n" not in sent["subject"]
        assert "\r" not in sent["subject"]
        assert _markup(sent) == _markup(harmless)
        assert sent["html"].count("href=") == harmless["html"].count("href=")
        assert URL.findall(sent["text"]) == ([email.link] if email.link else [])


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example/",
        "www.evil.example",
        "evil.example",
        "boss@evil.example",
        "mailto:boss@evil.example",
        "tel:+4930123",
        "Log in at HTTPS://EVIL.EXAMPLE now",
    ],
)
@LANGUAGES
def test_nothing_that_a_mail_program_would_make_a_link_of_is_left_in_a_name(
    language: str, name: str
) -> None:
    for email in every_email(name, message=name):
        sent = printed(email, language)
        for body in (sent["text"], unescape(sent["html"].partition("</head>")[2])):
            ours = body.replace(email.link, "") if email.link else body
            assert not re.search(r"://|www\.\w|\w\.example|\w@\w|(?:mailto|tel):[\w+]", ours, re.I)


def test_a_message_is_quoted_line_for_line_and_cannot_pass_for_our_words() -> None:
    counterfeit = f"Hi\n\nView invitation:\n{BASE}/invitation?token=x"
    email = next(each for each in every_email(message=counterfeit) if each.name == "invitation")
    text = printed(email, "en")["text"]
    assert "\n> Hi\n>\n> View invitation:\n> https:" in text
    assert text.count("\nView invitation:\n") == 1


def test_without_a_message_no_one_is_quoted() -> None:
    for email in every_email(message=""):
        sent = printed(email, "en")
        assert ">" not in sent["text"]
        assert 'class="quote"' not in sent["html"]


def _markup(sent: Rendered) -> list[str]:
    """The tags, save the ends of lines that a message may have."""
    return [tag for tag in TAGS.findall(sent["html"]) if tag != "br"]
