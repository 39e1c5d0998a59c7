"""Every language has every message, and each reader gets their language."""

from pathlib import Path
from string import Formatter
from typing import Any

import httpx2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from tools import messages

from tenantry.console.texts.languages import NAMES, mark_plural, translator_for
from tests.console.visitor import Visitor

FILES = messages.files()


def catalog(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parts[-3])


def forms(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else [*text]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def agrees(message: Message) -> bool:
    """Whether each form has the placeholders of the message; only a singular may lack {n}."""
    texts = [*forms(message.id), *forms(message.string)]
    needed = set[str]().union(*map(placeholders, forms(message.id)))
    optional = {"n"} if message.pluralizable else set[str]()
    return all(needed - optional <= placeholders(text) <= needed for text in texts)


def test_every_language_of_pages_has_a_catalog() -> None:
    assert {file.parts[-3] for file in FILES} == NAMES.keys() - {"en"}
    assert NAMES == {"en": "English", "de": "Deutsch"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_a_catalog_has_every_message_and_none_that_is_gone(file: Path) -> None:
    assert messages.is_current(file), "run `make messages`, then translate what is empty"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_every_message_is_translated_in_all_its_forms_with_its_placeholders(file: Path) -> None:
    known = catalog(file)
    assert [each.id for each in known if each.id and not all(forms(each.string))] == []
    assert [each.id for each in known if each.fuzzy and each.id] == []
    assert [each.id for each in known if each.id and not agrees(each)] == []
    plurals = [each for each in known if each.pluralizable]
    assert plurals
    assert all(len(forms(each.string)) == known.num_plurals for each in plurals)


def test_a_message_that_depends_on_a_number_takes_the_form_of_the_language() -> None:
    roles = mark_plural("{n} role", "{n} roles")
    assert [translator_for("de", "")(roles, n=n) for n in (0, 1, "2")] == [
        "0 Rollen",
        "1 Rolle",
        "2 Rollen",
    ]


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
