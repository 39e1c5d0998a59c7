"""JSON Schema as Python's types, for the few forms that our document has."""

from textwrap import wrap
from typing import Any, cast

Schema = dict[str, Any]

_LONGEST_LITERAL = 8
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def shape_name(reference: str) -> str:
    """The name that a schema has in the client: what is shown needs no `View` behind it."""
    return reference.rpartition("/")[2].removesuffix("View")


def type_of(schema: Schema, *, sequence: str = "list") -> str:
    """The annotation of a value; `sequence` is what an array is, as it is given or received."""
    if "$ref" in schema:
        return shape_name(schema["$ref"])
    kind = schema.get("type")
    if "enum" in schema or "const" in schema:
        return _literal(schema.get("enum", [schema.get("const")]))
    if kind == "array":
        return f"{sequence}[{type_of(schema.get('items', {}), sequence=sequence)}]"
    if kind == "object" or "additionalProperties" in schema:
        return f"dict[str, {_member(schema.get('additionalProperties'), sequence)}]"
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if "anyOf" in schema:
        types = [type_of(each, sequence=sequence) for each in schema["anyOf"]]
        return " | ".join(sorted(dict.fromkeys(types), key="None".__eq__))
    return "Any"


def _member(schema: Any, sequence: str) -> str:
    if not isinstance(schema, dict):
        return "Any"
    return type_of(cast(Schema, schema), sequence=sequence)


def _literal(values: list[Any]) -> str:
    if len(values) > _LONGEST_LITERAL:
        return "str"
    return f"Literal[{', '.join(map(repr, values))}]"


def references(part: Any) -> set[str]:
    """The names of the schemas that a part of the document leads to at once."""
    if isinstance(part, list):
        return set[str]().union(*map(references, cast(list[Any], part)))
    if not isinstance(part, dict):
        return set()
    members = cast(Schema, part)
    found = {shape for name, shape in members.items() if name == "$ref" and isinstance(shape, str)}
    named = {shape.rpartition("/")[2] for shape in found}
    return named.union(*map(references, members.values()))


def docstring(described: str, indent: str) -> str:
    """The first paragraph of a description, wrapped for a docstring of that indentation."""
    lines = wrap(" ".join(described.partition("\n\n")[0].split()), 93 - len(indent))
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}"""'
    first, *rest = lines
    return "\n".join([f'{indent}"""{first}', *(indent + line for line in rest), f'{indent}"""'])
