"""The calls, one class for each noun, for callers that wait and for callers that await."""

import re
from dataclasses import dataclass
from typing import Any

from tools.client.shapes import page_of
from tools.client.types import Schema, docstring, references, shape_name, type_of

_SENDING = "ABSENT, Absent, ApiCall, changed, given, quoted"
_REPEATABLE = {"GET", "PUT", "DELETE"}
_BODIES = {"application/json": "json", "application/x-www-form-urlencoded": "form"}


@dataclass(frozen=True)
class Declared:
    """One call, as the document declares it."""

    method: str
    path: str
    said: dict[str, Any]
    schemas: dict[str, Schema]

    @property
    def noun(self) -> str:
        return self.said["operationId"].partition(".")[0]

    @property
    def name(self) -> str:
        return self.said["operationId"].partition(".")[2]

    @property
    def answer(self) -> Schema:
        """What comes back; empty where nothing does."""
        for status in ("200", "201"):
            content = self.said["responses"].get(status, {}).get("content", {})
            if "application/json" in content:
                return content["application/json"]["schema"]
        return {}

    def named(self, place: str) -> list[dict[str, Any]]:
        """The parameters of one place: path, query or header."""
        return [each for each in self.said.get("parameters", []) if each["in"] == place]

    @property
    def headers(self) -> set[str]:
        return {each["name"] for each in self.named("header")}

    @property
    def body(self) -> tuple[str, Schema]:
        """How the body is sent, and its schema."""
        for media, content in self.said.get("requestBody", {}).get("content", {}).items():
            (name,) = references(content["schema"])
            return _BODIES[media], self.schemas[name]
        return "", {}


def declared(document: dict[str, Any]) -> list[Declared]:
    """Every call of the document."""
    return [
        Declared(method.upper(), path, said, document["components"]["schemas"])
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def class_name(noun: str) -> str:
    """The class of a noun's calls."""
    return "".join(word.title() for word in noun.split("_"))


def module(noun: str, calls: list[Declared], homes: dict[str, str], *, waits: bool) -> str:
    """The module of a noun: for callers that wait for an answer, or await it."""
    kind = "Calls" if waits else "AsyncCalls"
    methods = "\n\n".join(_method(each, waits=waits) for each in calls)
    words = noun.replace("_", " ")
    return "\n".join(
        [
            f'"""Calls about {words}: written from openapi.json, by `make openapi`."""\n',
            "from collections.abc import Sequence",
            "from typing import Any, Literal\n",
            f"from tenantry_client.sending import {_SENDING}, {kind}",
            "from tenantry_client.listing import AsyncListing, Listing",
            *_imports(methods, homes),
            f"\n\nclass {class_name(noun)}({kind}):",
            f'    """Calls about {words}."""\n',
            methods,
        ]
    )


def _imports(methods: str, homes: dict[str, str]) -> list[str]:
    return [
        f"from tenantry_client.shapes.{home} import {shape_name(name)}"
        for name, home in homes.items()
        if re.search(rf"\b{shape_name(name)}\b", methods)
    ]


def _method(call: Declared, *, waits: bool) -> str:
    page = page_of(call.answer)
    result = type_of(call.answer) if call.answer else "None"
    if page:
        result = f"{'Listing' if waits else 'AsyncListing'}[{page}]"
    awaited = not waits and not page
    words = [
        f"    {'async ' if awaited else ''}def {call.name}({_arguments(call)}) -> {result}:",
        docstring(call.said["description"], " " * 8),
    ]
    sent = f"ApiCall({', '.join(_sent(call))})"
    if page:
        words.append(f"        return self._list({sent})")
    else:
        given_back = "return " if call.answer else ""
        words.append(f"        {given_back}{'await ' if awaited else ''}self._send({sent})")
    return "\n".join(words) + "\n"


def _arguments(call: Declared) -> str:
    positional = [f"{each['name']}: str" for each in call.named("path")]
    return ", ".join(["self", *positional, *_by_keyword(call)])


def _by_keyword(call: Declared) -> list[str]:
    _, body = call.body
    required = set(body.get("required", []))
    needed, optional = list[str](), list[str]()
    for field, schema in body.get("properties", {}).items():
        annotation = type_of(schema, sequence="Sequence")
        if field in required:
            needed.append(f"{field}: {annotation}")
        elif call.method == "PATCH":
            optional.append(f"{field}: {_or_absent(annotation)} = ABSENT")
        else:
            optional.append(f"{field}: {_or_none(annotation)} = None")
    for each in call.named("query"):
        optional.append(f"{each['name']}: {_or_none(type_of(each['schema']))} = None")
    if "If-Match" in call.headers:
        optional.append("if_match: str | None = None")
    if "Idempotency-Key" in call.headers:
        optional.append("idempotency_key: str | None = None")
    return ["*", *needed, *optional] if needed or optional else []


def _or_none(annotation: str) -> str:
    return annotation if annotation.endswith("None") else f"{annotation} | None"


def _or_absent(annotation: str) -> str:
    nullable = annotation.endswith(" | None")
    return f"{annotation.removesuffix(' | None')} | Absent{' | None' if nullable else ''}"


def _sent(call: Declared) -> list[str]:
    path = re.sub(r"\{(\w+)\}", r"{quoted(\1)}", call.path)
    words = [f'"{call.method}"', f'{"f" if "{" in path else ""}"{path}"']
    how, body = call.body
    if how:
        chosen = "changed" if call.method == "PATCH" else "given"
        words.append(f"{how}={chosen}({_passed(body.get('properties', {}))})")
    if call.named("query"):
        words.append(f"query=given({_passed(each['name'] for each in call.named('query'))})")
    if "If-Match" in call.headers:
        words.append("if_match=if_match")
    if "Idempotency-Key" in call.headers:
        words.append("keyed=True, key=idempotency_key")
    elif call.method in _REPEATABLE:
        words.append("repeatable=True")
    return words


def _passed(names: Any) -> str:
    return ", ".join(f"{name}={name}" for name in names)
