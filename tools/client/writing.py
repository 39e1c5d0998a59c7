"""Writes the shapes and calls of the Python client, or lists the stale ones."""

import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from tools.client import shapes
from tools.client.calls import class_name, declared, module

PACKAGE = Path(__file__).parents[2] / "clients" / "python" / "src" / "tenantry_client"

_FOLDERS = ("calls", "async_calls", "shapes")


def modules(document: dict[str, Any]) -> dict[str, str]:
    """Every module that is written, by its path in the package; not yet in its one form."""
    calls = sorted(declared(document), key=lambda call: call.noun)
    homes, schemas = shapes.homes(document), document["components"]["schemas"]
    written = {
        f"shapes/{home}.py": shapes.module(home, homes, schemas) for home in set(homes.values())
    }
    written["shapes/__init__.py"] = '"""What Tenantry sends, and what bodies consist of."""\n'
    for folder, waits in (("calls", True), ("async_calls", False)):
        nouns = list[str]()
        for noun, of_noun in groupby(calls, key=lambda call: call.noun):
            nouns.append(noun)
            written[f"{folder}/{noun}.py"] = module(noun, list(of_noun), homes, waits=waits)
        written[f"{folder}/__init__.py"] = _index(folder, nouns, waits=waits)
    return written


def _index(folder: str, nouns: list[str], *, waits: bool) -> str:
    sender = "Sender" if waits else "AsyncSender"
    lines = ['"""Every call, by its noun: written from openapi.json, by `make openapi`."""\n']
    for noun in nouns:
        lines.append(f"from tenantry_client.{folder}.{noun} import {class_name(noun)}")
    lines += [
        f"from tenantry_client.sending import {sender}\n\n",
        f"class {'Api' if waits else 'AsyncApi'}:",
        '    """Every call of the API, one attribute for each noun."""\n',
        f"    def __init__(self, sender: {sender}) -> None:",
        *(f"        self.{noun} = {class_name(noun)}(sender)" for noun in nouns),
    ]
    return "\n".join(lines) + "\n"


def in_one_form(path: str, text: str) -> str:
    """The text as ruff writes it, without imports that are not needed."""
    ruff, name = str(Path(sys.executable).parent / "ruff"), ["--stdin-filename", path, "-"]
    fixed = _through([ruff, "check", "--fix", "--quiet", "--select", "F401,I", *name], text)
    return _through([ruff, "format", "--quiet", *name], fixed)


def _through(command: list[str], text: str) -> str:
    return subprocess.run(
        command, input=text, text=True, capture_output=True, check=True, cwd=PACKAGE
    ).stdout


def write(document: dict[str, Any]) -> None:
    """Write every module, and delete those whose noun is gone."""
    made = {PACKAGE / path: text for path, text in modules(document).items()}
    for folder in _FOLDERS:
        (PACKAGE / folder).mkdir(exist_ok=True)
        for path in (PACKAGE / folder).glob("*.py"):
            if path not in made:
                path.unlink()
    for path, text in made.items():
        path.write_text(in_one_form(str(path), text))


def stale(document: dict[str, Any]) -> list[str]:
    """The modules that are not what the document says."""
    made = modules(document)
    there = {
        str(path.relative_to(PACKAGE))
        for folder in _FOLDERS
        for path in (PACKAGE / folder).glob("*.py")
    }
    return sorted(
        (there - made.keys())
        | {
            path
            for path, text in made.items()
            if not (PACKAGE / path).exists()
            or (PACKAGE / path).read_text() != in_one_form(str(PACKAGE / path), text)
        }
    )
