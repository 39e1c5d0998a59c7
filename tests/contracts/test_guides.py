"""The guides name what is there: commands, settings, calls, packages, and where links lead."""

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tenantry.cli.main import app
from tenantry.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [
    *(path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "bench/README.md",
    ROOT / "clients/python/README.md",
]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

# What is read from the environment without being a field of the settings, and what a guide's own
# example of another program reads.
OTHER_VARIABLES = {"TENANTRY_URL", "TENANTRY_SERVICE_KEY"}
CALL = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[\w/{}$.%:…-]+)")


def code_of(page: Path) -> Iterator[str]:
    """What a page shows as code: its blocks, and text in backticks."""
    text = page.read_text()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    yield from blocks
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def commands_of(page: Path) -> Iterator[list[str]]:
    """The words of each line of code, without a prompt, assignments and comments."""
    for code in code_of(page):
        for line in code.replace("\\\n", " ").splitlines():
            words = line.partition(" #")[0].removeprefix("$ ").split()
            while words and re.match(r"[A-Z_]+=", words[0]):
                words = words[1:]
            if words:
                yield words


@every_page
def test_a_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    broken = list[str]()
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        name, _, anchor = target.partition("#")
        if re.match(r"\w+:", name):
            continue
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in anchors_of(path)):
            broken.append(target)
    assert broken == []


def anchors_of(page: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in headings
    }


@every_page
def test_a_command_of_ours_is_there(page: Path) -> None:
    unknown = [words[:3] for words in commands_of(page) if not is_command(words)]
    assert unknown == []


def is_command(words: list[str]) -> bool:
    """Whether a line calls nothing of ours, or something that there is."""
    command = Path(words[0]).name
    if command == "make" and len(words) > 1:
        return bool(re.search(rf"^{re.escape(words[1])}:", (ROOT / "Makefile").read_text(), re.M))
    if command == "python" and words[1:2] == ["-m"] and words[2].partition(".")[0] in ROOTS:
        return importlib.util.find_spec(words[2]) is not None
    if command == "tenantry":
        return has_command(words[1:])
    return True


ROOTS = ("tests", "bench", "tenantry")


def has_command(words: list[str]) -> bool:
    found: Any = typer.main.get_command(app)
    for word in words:
        if not hasattr(found, "commands"):
            return True
        if word not in found.commands:
            return not re.match(r"[a-z]", word)
        found = found.commands[word]
    return True


@every_page
def test_a_setting_is_read_by_somebody(page: Path) -> None:
    aliases = {field.alias for field in Settings.model_fields.values()}
    known = OTHER_VARIABLES | aliases | {f"{alias}_FILE" for alias in aliases}
    named = {name for code in code_of(page) for name in re.findall(r"TENANTRY_[A-Z_]+[A-Z]", code)}
    assert named - known == set()


@every_page
def test_a_call_is_in_the_document(page: Path) -> None:
    document: dict[str, Any] = json.loads((ROOT / "openapi.json").read_text())
    known = {
        (method.upper(), pattern_of(path))
        for path, item in document["paths"].items()
        for method in item
    }
    unknown = [
        f"{method} {path}"
        for code in code_of(page)
        for method, path in CALL.findall(code)
        if not any(method == other and re.fullmatch(pattern, path) for other, pattern in known)
    ]
    assert unknown == []


def pattern_of(path: str) -> str:
    """Matches the path with whatever is written for its parameters, `…` too, without its beginning
    as well."""
    escaped = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    return escaped.replace("/api/v1", "(?:/api/v1)?") + "/?"


@every_page
def test_what_pip_installs_lies_in_this_repository(page: Path) -> None:
    """Until a package is published, its name alone leads nowhere, or to somebody else's."""
    for words in commands_of(page):
        if words[1:3] == ["pip", "install"] or words[0].endswith("pip"):
            installed = [word.strip("'\"") for word in words if "/" in word or "tenantry" in word]
            names = [word.partition("[")[0] for word in installed if not word.endswith("/pip")]
            for name in names:
                assert name.startswith("/path/to/a/clone"), name
                path = ROOT / name.removeprefix("/path/to/a/clone").lstrip("/")
                assert (path / "pyproject.toml").exists(), name
