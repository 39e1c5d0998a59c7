"""Updates the console's catalogs with the messages in code and templates: make messages.

`--check` changes nothing and fails where a catalog is not up to date.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "tenantry"
CATALOGS = SOURCE / "console" / "locale"
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "mark": None,
    "mark_plural": (1, 2),
    "ngettext": (1, 2),
    "Definition": (3,),  # a permission's label
}
# What only programs meet, and what is no page.
_NOT_SHOWN = (
    "api/**",
    "authz/claims.py",
    "authz/decisions/**",
    "cli/**",
    "credentials/tokens/**",
    "embedded/**",
    "http/**",
    "platform/audit/**",
    "platform/idempotency/**",
    "postgres/**",
    "worker/**",
)
_JINJA = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}


def extract() -> Catalog:
    """Every message that a page can show, sorted by where it first occurs."""
    catalog = Catalog(project="Tenantry", charset="utf-8", fuzzy=False)
    methods = [(pattern, "ignore") for pattern in _NOT_SHOWN]
    methods += [("**.html", "jinja2.ext:babel_extract"), ("**.py", "tools.messages:extract_code")]
    for name, line, message, comments, _ in extract_from_dir(
        SOURCE, methods, {"**.html": _JINJA}, keywords=_KEYWORDS, comment_tags=("i18n:",)
    ):
        catalog.add(message, locations=[(name, line)], auto_comments=comments)
    return catalog


def extract_code(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Marked messages, what refusals say, and the nouns of permissions."""
    code = file.read()
    yield from extract_python(BytesIO(code), keywords, comment_tags, options)
    for node in ast.walk(ast.parse(code)):
        for text in _texts(node):
            yield text.lineno, "mark", ast.literal_eval(text), []


def _texts(node: ast.AST) -> Iterable[ast.expr]:
    match node:
        case ast.Assign([ast.Name("detail")], ast.Constant(str(text)) as detail) if text:
            return [detail]
        case ast.Call(
            ast.Attribute(attr="__init__") | ast.Name("WeakPassword"),
            [_, ast.Constant(str(text)) as detail],
        ) if text:
            return [detail]
        case ast.Assign([ast.Name("NOUNS")], ast.Dict(values=values)):
            return values
        case _:
            return []


def updated(file: Path) -> bytes:
    """A catalog with every message and none that is gone; translations are kept."""
    with file.open("rb") as old:
        catalog = read_po(old, locale=file.parts[-3])
    catalog.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    written = BytesIO()
    write_po(
        written, catalog, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    return written.getvalue()


def is_current(file: Path) -> bool:
    """Whether an update would change nothing but the header."""
    old, new = (content.partition(b"\n\n")[2] for content in (file.read_bytes(), updated(file)))
    return old == new


def files() -> list[Path]:
    """Every catalog."""
    return sorted(CATALOGS.glob("*/LC_MESSAGES/*.po"))


def main(arguments: Iterable[str]) -> int:
    """Update all catalogs, or only check them."""
    stale = [file for file in files() if not is_current(file)]
    for file in stale:
        if "--check" in arguments:
            print(f"{file} is not up to date: run `make messages`.")
        else:
            file.write_bytes(updated(file))
    return len(stale) if "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
