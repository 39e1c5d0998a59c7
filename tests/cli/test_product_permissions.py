"""TENANTRY_PERMISSIONS: the product's own permissions by a file, declared at each start."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tenantry.cli.errors import CannotStart
from tenantry.cli.operators.product_permissions import declare, read
from tenantry.settings import Settings
from tests.support.postgres import TestPostgres

JSON = '{"invoice:read": "See invoices.", "invoice:approve": ""}'
TOML = '"invoice:read" = "See invoices."\n"invoice:approve" = ""\n'
MEANT = {"invoice:read": "See invoices.", "invoice:approve": ""}
BROKEN = {
    "nothing": ("a.json", "", "cannot be read as JSON"),
    "no JSON": ("a.json", "{", "cannot be read as JSON"),
    "no TOML": ("a.toml", "= 5", "or as TOML"),
    "a name twice": ("a.json", '{"a:b": "", "a:b": ""}', "cannot be read as JSON"),
    "a list": ("a.json", '["invoice:read"]', "map names to descriptions"),
    "no name": ("a.json", '{"invoice": ""}', "noun:verb"),
    "a name of ours": ("a.json", '{"workspace:paint": ""}', "not one of Tenantry's own"),
    "no description": ("a.json", '{"a:b": null}', "must describe a:b"),
    "a long description": ("a.json", f'{{"a:b": "{"x" * 501}"}}', "up to 500 characters"),
}


def written(folder: Path, text: str, name: str = "permissions.json") -> Settings:
    """The settings that name a file with this text."""
    (folder / name).write_text(text)
    return Settings.load({"TENANTRY_PERMISSIONS": str(folder / name)})


@pytest.mark.parametrize(("name", "text"), [("p.json", JSON), ("p.toml", TOML)])
def test_a_file_in_either_form_says_the_same(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read(tmp_path / name) == MEANT


@pytest.mark.parametrize("fault", BROKEN)
def test_a_file_that_cannot_be_meant_is_refused_with_its_fix(tmp_path: Path, fault: str) -> None:
    name, text, fix = BROKEN[fault]
    (tmp_path / name).write_text(text)
    with pytest.raises(CannotStart, match="TENANTRY_PERMISSIONS: ") as refused:
        read(tmp_path / name)
    assert fix in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        read(tmp_path / "nothing.json")


def test_each_start_declares_what_is_new_and_takes_nothing_away(
    postgres: TestPostgres, tmp_path: Path
) -> None:
    url = postgres.fresh_database().service

    def found() -> list[Any]:
        with psycopg.connect(url) as connection:
            return connection.execute(
                "select name, description from permissions order by 1"
            ).fetchall()

    declare(Settings.load({}), url)
    assert found() == []
    for text in (JSON, JSON, '{"invoice:read": "Read.", "task:do": ""}'):
        declare(written(tmp_path, text), url)
    assert found() == [("invoice:approve", ""), ("invoice:read", "Read."), ("task:do", "")]


def test_more_than_there_may_be_are_refused_whole(postgres: TestPostgres, tmp_path: Path) -> None:
    url = postgres.fresh_database().service
    many = {f"a:b{number}": "" for number in range(501)}
    text = str(many).replace("'", '"')

    with pytest.raises(CannotStart, match="together exceed the limit"):
        declare(written(tmp_path, text), url)
    with psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from permissions").fetchone() == (0,)
