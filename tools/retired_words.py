"""Refuse words that the code and the texts no longer use.

`retired_words.toml` lists the words, `retired_words.allowed` the places that still have one: a line
for each path and word. A word in a new place fails the check, and so does a line without a word.

    python -m tools.retired_words           check
    python -m tools.retired_words --shrink  delete the lines that have no word any more
"""

import argparse
import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
SEARCHED = ("src", "tests", "bench", "clients", "docs", "tools")
SUFFIXES = {".py", ".sql", ".md", ".html", ".j2", ".po", ".js", ".css", ".toml", ".yaml"}
ROOT_FILES = ("*.md", "Makefile", "Containerfile", "compose.yaml", "pyproject.toml")
# The lists themselves, German catalogs, third-party code, released schemas and generated code.
SKIPPED = re.compile(
    r"retired_words|CHANGELOG\.md|/de/|/static/|node_modules|\.venv|__pycache__"
    r"|contracts/schemas/|tenantry_client/(async_)?calls/|tenantry_client/types|bench/results/"
)
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|WITH|RETURNING|JOIN)\b")
# The parts of a name: `list_able` and `ListAble` are `list` and `able`.
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

Found = tuple[str, str]  # a path, and the retired word in it


class RetiredWords:
    """The retired words of each kind of text."""

    def __init__(self, source: str) -> None:
        words = tomllib.loads(source)
        self._names = set(words["names"])
        self._name_parts = set(words["name_parts"])
        self._sql = set(words["sql"])
        self._prose = re.compile(rf"\b({'|'.join(words['prose'])})\b", re.I)

    def in_name(self, name: str) -> set[str]:
        """The retired words of an identifier: the whole of it, or one of its parts."""
        parts = {part.lower() for part in PART.findall(name)}
        return ({name} & self._names) | (parts & self._name_parts)

    def in_sql(self, text: str) -> set[str]:
        """The retired words among the names of a statement."""
        return {part for name in re.findall(r"\w+", text) for part in name.split("_")} & self._sql

    def in_prose(self, text: str) -> set[str]:
        """The retired words of a sentence, in lower case."""
        return {match[0].lower() for match in self._prose.finditer(text)}

    def in_python(self, source: str) -> set[str]:
        """The retired words of the names, strings, docstrings and comments of a module."""
        found = set[str]()
        for node in ast.walk(ast.parse(source)):
            for name in names_of(node):
                found |= self.in_name(name)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                is_sql = SQL.search(node.value)
                found |= self.in_sql(node.value) if is_sql else self.in_prose(node.value)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found |= self.in_prose(token.string)
        return found

    def in_file(self, path: Path) -> set[str]:
        """The retired words of a file, its own name included."""
        text, found = path.read_text(), self.in_name(path.stem)
        if path.suffix == ".py":
            return found | self.in_python(text)
        if path.suffix == ".sql":
            comments = "\n".join(re.findall(r"--.*", text))
            return found | self.in_prose(comments) | self.in_sql(re.sub(r"--.*", "", text))
        if path.suffix == ".md":
            text = re.sub(r"^```.*?^```|`[^`\n]+`", "", text, flags=re.M | re.S)
        return found | self.in_prose(text)


def names_of(node: ast.AST) -> Iterator[str]:
    """The names that a node defines; a name that it uses is refused at its definition."""
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.arg():
            yield node.arg
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.Attribute(ctx=ast.Store()):
            yield node.attr
        case _:
            pass


def files(root: Path) -> Iterator[Path]:
    """The files whose words are checked."""
    for folder in SEARCHED:
        yield from (path for path in (root / folder).rglob("*") if path.suffix in SUFFIXES)
    for pattern in ROOT_FILES:
        yield from root.glob(pattern)


def find(root: Path, words: RetiredWords) -> set[Found]:
    """Where retired words are found below a folder."""
    found = set[Found]()
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if not SKIPPED.search(name):
            found |= {(name, word) for word in words.in_file(path)}
    return found


def read_allowed(text: str) -> set[Found]:
    """The places of the allow-list."""
    return {(path, word) for path, _, word in (line.partition(" ") for line in text.splitlines())}


def compare(found: set[Found], allowed: set[Found]) -> Iterator[str]:
    """A line for each retired word that is not allowed, and for each allowance without a word."""
    for path, word in sorted(found - allowed):
        yield f"{path}: “{word}” is retired; tools/retired_words.toml says what to write instead"
    for path, word in sorted(allowed - found):
        yield f"tools/retired_words.allowed: nothing needs “{path} {word}”; run with --shrink"


def main() -> int:
    """Check, and print what is wrong; the exit code is 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tools.retired_words")
    parser.add_argument("--shrink", action="store_true", help="delete unneeded lines")
    shrink = parser.parse_args().shrink
    allow_list = HERE / "retired_words.allowed"
    found = find(ROOT, RetiredWords((HERE / "retired_words.toml").read_text()))
    allowed = read_allowed(allow_list.read_text())
    if shrink:
        allowed &= found
        allow_list.write_text("".join(f"{path} {word}\n" for path, word in sorted(allowed)))
    complaints = list(compare(found, allowed))
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
