"""The pages about the house say what is there: the map, the decisions, the words, the codes."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

import tenantry
from tenantry.http.problems import reply_to
from tenantry.kit.refusals import Refusal
from tenantry.tenancy.invitations.model import InvitationSpent

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tenantry"
ADRS = ROOT / "docs" / "adr"
PAGES = [
    *(ROOT / f"{name}.md" for name in ("ARCHITECTURE", "API-DESIGN", "CONTRIBUTING", "README")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Of nginx, PostgreSQL, uvicorn and PgBouncer; and examples.
OTHERS_NAMES = {
    *("proxy_pass", "keepalive_timeout", "max_prepared_statements", "security_invoker"),
    *("Multiprocess", "timeout_worker_healthcheck", "snake_case", "vX", ""),
    *("test_two_inviters_cannot_share_the_last_seat", "TENANTRY_TRUSTED_ISSUERS_FILE"),
}
# Never on the wire of the API: a base of others; what is sent as OAuth's `invalid_grant`.
NOT_TOLD = {"invalid", "invalid_credentials"}


def test_the_map_names_every_folder_and_every_file_that_it_names_is_there() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    drawn = page[page.index("## The map") : page.index("## Rules that hold")]
    named = set(re.findall(r"^  ([a-z_]+)/ ", drawn, re.M))
    assert named == {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    files = set(re.findall(r"(?<![\w/>])([a-z_]+\.py)\b", drawn))
    assert files <= {path.name for path in [*SOURCE.glob("*.py"), *SOURCE.glob("api/*.py")]}


def test_every_decision_is_listed_by_its_own_title() -> None:
    listed = re.findall(r"\| \[(\d{4})\]\((.+?)\) \| (.+?) \|", (ADRS / "README.md").read_text())
    written = [
        (path.name[:4], path.name, path.read_text().partition("\n")[0].removeprefix("# ")[5:])
        for path in sorted(ADRS.glob("0*.md"))
    ]
    assert listed == written


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    bases = [ROOT, SOURCE, SOURCE / "schema", ROOT / "docs", page.parent]
    missing = [name for name in _named(page) if not any((base / name).exists() for base in bases)]
    assert missing == []


def _named(page: Path) -> Iterator[str]:
    """What has the form of a path, in backticks or as the target of a link."""
    for quoted, linked in re.findall(r"`([\w./-]+)`|\]\(([^)#:]+)\)", page.read_text()):
        name: str = quoted or linked
        if re.search(r"\w\.(py|sql|md|toml|yaml)$|^[\w-]+/([\w./-]*/)?$", name) and not re.search(
            "NNNN|X.Y.Z", name
        ):
            yield name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_in_backticks_is_there(page: Path, words: set[str]) -> None:
    names = re.findall(r"`([A-Za-z_][\w.]*)(?:\(\))?`", page.read_text())
    parts = {part.removesuffix("_total") for name in names for part in name.split(".")}
    assert parts - words - OTHERS_NAMES == set()


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word in the code, the document and the build files."""
    paths = [*ROOT.glob("*.*"), ROOT / "Makefile", *(ROOT / ".ci").glob("*")]
    for folder in ("src", "tests", "tools", "clients/python/src", "bench"):
        paths += [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".sql"}]
    read = [path.read_text() for path in paths if path.is_file() and path.suffix != ".md"]
    return {word for text in [*read, *map(str, paths)] for word in re.findall(r"\w+", text)}


def test_words_are_sorted_and_unique() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\*", (ROOT / "GLOSSARY.md").read_text(), re.M)
    assert words == sorted(set(words), key=str.lower)


def test_every_code_of_a_refusal_is_told_of() -> None:
    page = (ROOT / "API-DESIGN.md").read_text()
    codes = {code for code in _codes() if not re.search(rf"`{code}`", page)}
    assert codes == NOT_TOLD


def _codes() -> Iterator[str]:
    """Every code that the API may tell; the pages of the console have their own."""
    for module in pkgutil.walk_packages(tenantry.__path__, "tenantry."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for kind in _kinds(Refusal):
        if "code" in vars(kind) and not kind.__module__.startswith("tenantry.console"):
            yield kind.code


def _kinds(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


@pytest.mark.parametrize("status", ["expired", "revoked", "accepted", "declined"])
def test_every_way_in_which_an_invitation_is_spent_is_told_of(status: str) -> None:
    page = (ROOT / "API-DESIGN.md").read_text()
    refusal = InvitationSpent(status)
    assert refusal.code == f"invitation_{status}"
    assert re.search(rf"`(invitation|…)_{status}`", page)
    assert reply_to(refusal, "").status == HTTPStatus.GONE
