"""Both languages translate everything, and each reader gets theirs."""

import tomllib
from string import Formatter

import httpx2
import pytest

from tenantry.console.texts.errors import error_text
from tenantry.console.texts.languages import NAMES, catalog, catalog_files, translator_for
from tenantry.kit.refusals import Invalid, Refusal
from tests.console.visitor import Visitor
from tests.console.words import said


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def kinds(base: type[Refusal]) -> set[type[Refusal]]:
    """All refusals there are."""
    return {base}.union(*map(kinds, base.__subclasses__()))


def details() -> set[str]:
    """What refusals translate for themselves."""
    return {kind.detail for kind in kinds(Refusal) if kind.detail}


@pytest.mark.parametrize("language", [tag for tag in NAMES if tag != "en"])
def test_a_language_says_everything_and_nothing_else(language: str) -> None:
    known, needed = catalog(language), {text for _, text in said()}
    assert needed - known.keys() == set()
    assert known.keys() - needed - details() - JUDGED == set()


# What the rules translate of single fields, which stands in no page of ours.
JUDGED = {
    "Choose a time to come.",
    "No account has this address.",
    "Use 12 to 256 characters; spaces are welcome.",
    "This password would be guessed soon. Several unrelated words make a good one.",
}


# What only programs meet: in headers, tokens, JSON, or by keys.
FOR_PROGRAMS = frozenset(
    [
        "email_required",
        "headers_too_large",
        "idempotency_in_flight",
        "idempotency_key_reused",
        "invalid_client",
        "invalid_token",
        "issuer_unavailable",
        "malformed_json",
        "malformed_request",
        "method_not_allowed",
        "precondition_failed",
        "precondition_required",
        "revision_unknown",
        "secret_already_shown",
        "unauthenticated",
        "unsupported_grant_type",
        "validation_failed",
    ]
)


@pytest.mark.parametrize("language", [tag for tag in NAMES if tag != "en"])
def test_every_refusal_that_pages_meet_is_told_in_every_language(language: str) -> None:
    """An `Invalid` tells of its fields instead; some have a page of their own wording alone."""
    known = catalog(language)
    met = {
        kind.detail: kind.code
        for kind in kinds(Refusal)
        if kind.detail and kind.code not in FOR_PROGRAMS and not issubclass(kind, Invalid)
    }
    assert {
        code
        for detail, code in met.items()
        if detail not in known and error_text(code, from_link=False) is None
    } == set()


@pytest.mark.parametrize("language", [tag for tag in NAMES if tag != "en"])
def test_what_is_put_into_a_sentence_has_the_same_names_in_every_language(language: str) -> None:
    for english, translated in catalog(language).items():
        assert names_in(english) == names_in(translated), english


@pytest.mark.parametrize("language", [tag for tag in NAMES if tag != "en"])
def test_no_sentence_is_translated_twice(language: str) -> None:
    files = [tomllib.loads(file.read_text()) for file in catalog_files(language)]
    assert sum(map(len, files)) == len(catalog(language))


def test_what_is_put_into_a_sentence_is_escaped() -> None:
    translate = translator_for("de", "")
    assert "&lt;b&gt;" in translate("Join {name}", name="<b>")
    assert "<b>" not in translate("Join {name}", name="<b>")


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("", "Sign in"),
        ("fr", "Sign in"),
        ("de-AT,en;q=0.5", "Anmelden"),
        ("en,de", "Sign in"),
        ("fr, de;q=0.1", "Anmelden"),
    ],
)
async def test_a_page_is_in_the_readers_language(
    api: httpx2.AsyncClient, header: str, title: str
) -> None:
    page = await api.get("/sign-in", headers={"Accept-Language": header})
    assert f"<h1>{title}</h1>" in page.text


async def test_who_chose_a_language_keeps_it(visitor: Visitor) -> None:
    form = {"form_token": await visitor.proof(""), "next": "/sign-in", "language": "de"}
    chosen = await visitor.client.post("/language", data=form)
    assert chosen.headers["location"] == "/sign-in"
    page = await visitor.client.get("/sign-in", headers={"Accept-Language": "en"})
    assert '<html lang="de">' in page.text
    assert "<h1>Anmelden</h1>" in page.text


async def test_a_language_that_there_is_not_is_refused_at_its_form(visitor: Visitor) -> None:
    form = {"form_token": await visitor.proof(""), "language": "tlh"}
    answer = await visitor.client.post("/language", data=form)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
