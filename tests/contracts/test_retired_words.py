"""The check of retired words: what it refuses, and what it lets pass."""

from pathlib import Path

import pytest
from tools.retired_words import HERE, RetiredWords, compare, find

WORDS = RetiredWords((HERE / "retired_words.toml").read_text())


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("src/plain.py", "class Seer:\n    pass\n", "seer"),
        ("src/plain.py", "class Lines:\n    pass\n", "Lines"),
        ("src/plain.py", "def send(open_letter: str) -> None: ...\n", "letter"),
        ("src/plain.py", "class Mail:\n    letters: int\n", "letters"),
        ("src/plain.py", '"""Reads the table anew."""\n', "anew"),
        ("src/plain.py", "count = 1  # nobody else counts\n", "nobody"),
        ("src/plain.py", 'READ = "SELECT id FROM standings"\n', "standings"),
        ("src/telling.py", "", "telling"),
        ("src/views.sql", "CREATE VIEW my_holdings AS SELECT 1;\n", "holdings"),
        ("src/page.html", "<p>Send the letter</p>\n", "letter"),
        ("docs/guide.md", "Whoever signs in gets a session.\n", "whoever"),
    ],
)
def test_a_planted_word_is_refused(tmp_path: Path, name: str, text: str, word: str) -> None:
    planted = tmp_path / name
    planted.parent.mkdir()
    planted.write_text(text)
    assert find(tmp_path, WORDS) == {(name, word)}


def test_ordinary_words_pass(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/plain.py").write_text(
        '"""Reads each line of a file."""\n\nline = READ = "SELECT id FROM emails WHERE reached"\n'
    )
    assert find(tmp_path, WORDS) == set()


def test_a_word_that_is_not_allowed_and_an_unused_allowance_both_fail() -> None:
    complaints = list(compare({("a.py", "anew")}, {("b.py", "anew")}))
    assert [complaint.partition(":")[0] for complaint in complaints] == [
        "a.py",
        "tools/retired_words.allowed",
    ]
