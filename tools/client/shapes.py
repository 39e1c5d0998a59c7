"""The shapes of what is sent and received, as typed dictionaries: those of a noun in one module."""

from typing import Any

from tools.client.types import Schema, docstring, references, shape_name, type_of

Document = dict[str, Any]

SHARED = "shared"
"""The module of what is shown with more than one noun."""


def homes(document: Document) -> dict[str, str]:
    """In which module each schema has its shape: its noun's, or the shared one."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    nouns = dict[str, set[str]]()
    for methods in document["paths"].values():
        for call in methods.values():
            for name in _reached(_roots(call, schemas), schemas):
                nouns.setdefault(name, set()).add(call["operationId"].partition(".")[0])
    return {
        name: next(iter(of)) if len(of) == 1 else SHARED
        for name, of in sorted(nouns.items())
        if not name.startswith("ListOf_") and name != "ListMetadata"
    }


def _roots(call: dict[str, Any], schemas: dict[str, Schema]) -> set[str]:
    """What an answer is, and what the members of a body are; the body itself is arguments."""
    roots = references([call["responses"].get(status) for status in ("200", "201")])
    for body in references(call.get("requestBody")):
        roots |= references(schemas[body])
    return roots


def _reached(roots: set[str], schemas: dict[str, Schema]) -> set[str]:
    found, left = set[str](), set(roots)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left |= references(schemas[name])
    return found


def module(home: str, placed: dict[str, str], schemas: dict[str, Schema]) -> str:
    """The module of one noun's shapes, in an order in which each follows those it consists of."""
    own = [name for name, where in placed.items() if where == home]
    shared = sorted({*references([schemas[name] for name in own])} - set(own))
    lines = [
        f'"""Shapes {_about(home)}: written from openapi.json, by `make openapi`."""\n',
        "from typing import Any, Literal, NotRequired, TypedDict\n",
    ]
    if shared:
        names = ", ".join(shape_name(name) for name in shared)
        lines.append(f"from tenantry_client.shapes.{SHARED} import {names}\n")
    return "\n".join([*lines, *(_shape(name, schemas[name]) for name in _in_order(own, schemas))])


def _about(home: str) -> str:
    if home == SHARED:
        return "that stand inside of others"
    return f"of calls about {home.replace('_', ' ')}"


def _in_order(names: list[str], schemas: dict[str, Schema]) -> list[str]:
    ordered = list[str]()

    def place(name: str) -> None:
        for part in sorted(references(schemas[name]) & set(names)):
            place(part)
        if name not in ordered:
            ordered.append(name)

    for name in names:
        place(name)
    return ordered


def _shape(name: str, schema: Schema) -> str:
    required = set(schema.get("required", []))
    lines = [f"class {shape_name(name)}(TypedDict):"]
    if schema.get("description"):
        lines.append(docstring(schema["description"], "    ") + "\n")
    for field, member in schema.get("properties", {}).items():
        annotation = type_of(member)
        if field not in required:
            annotation = f"NotRequired[{annotation}]"
        lines.append(f"    {field}: {annotation}")
    return "\n".join(lines) + "\n"


def page_of(schema: Schema) -> str | None:
    """Of what an answer is a page, by its shape's name; None where it is no page."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return shape_name(name[len("ListOf_") : -1]) if name.startswith("ListOf_") else None
