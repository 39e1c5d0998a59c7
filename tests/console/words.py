"""What pages say: every sentence of ours, gathered from templates and from code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from tenantry.authz.builtin_permissions import NOUNS, OFFERED

CONSOLE = Path(__file__).parents[2] / "src" / "tenantry" / "console"


def said() -> set[tuple[str, str]]:
    """Every sentence in English, with the name of the file that it stands in."""
    return {*_in_templates(), *_in_code(), *_of_permissions()}


def _of_permissions() -> Iterator[tuple[str, str]]:
    for each in OFFERED:
        yield "permissions", each.definition.label
        yield "permissions", NOUNS[each.partition(":")[0]]


def _in_templates() -> Iterator[tuple[str, str]]:
    environment = Environment(autoescape=True)
    for path in sorted(CONSOLE.glob("templates/*.html")):
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            for text in _constants(call):
                yield path.stem, text


def _constants(call: nodes.Call) -> Iterator[str]:
    """What `_("…")` says; the numbers' words are called by `_("…")` too."""
    if isinstance(call.node, nodes.Name) and call.node.name == "_":
        first = call.args[0]
        if isinstance(first, nodes.Const):
            yield first.value


def _in_code() -> Iterator[tuple[str, str]]:
    for path in sorted(CONSOLE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "mark"
            ):
                text = ast.literal_eval(node.args[0])
                yield path.stem, text
