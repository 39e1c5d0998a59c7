"""API and console parse, run one use case and render: rules and rates are in use cases."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_origin

import pytest

import tenantry
from tenantry.identity.accounts.context import AccountContext
from tenantry.platform.context import UseCaseContext
from tenantry.postgres.transaction import Tx

SOURCE = Path(tenantry.__file__).parent
INTERFACES = ("api", "console", "cli", "worker", "http")
CHARGING = re.compile(
    r"rate_limits(\.| import )policies"
    r"|\.(hit|hit_first|ensure_within|exceeded|counting_misses|run_counted)\("
)
AREAS = ("tenancy", "identity", "authz", "credentials", "platform")


def test_no_interface_charges_a_rate() -> None:
    charging = {
        str(path.relative_to(SOURCE))
        for interface in INTERFACES
        for path in (SOURCE / interface).rglob("*.py")
        if CHARGING.search(path.read_text())
    }
    assert charging == set()


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def handlers() -> Iterator[tuple[str, str]]:
    for folder in ("api/v1", "console"):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            for name, function in functions_of(ast.parse(path.read_text())).items():
                if isinstance(function, ast.AsyncFunctionDef) and function.decorator_list:
                    yield str(path.relative_to(SOURCE)), name


@pytest.mark.parametrize(("path", "name"), [*handlers()])
def test_a_handler_runs_at_most_one_use_case_that_writes(path: str, name: str) -> None:
    """Seen to fail with two writes in one handler, in the handler itself and in its helper."""
    tree = ast.parse((SOURCE / path).read_text())
    functions = functions_of(tree)
    assert Writes(imported(tree), functions).at_most(functions[name]) <= 1


def imported(tree: ast.Module) -> dict[str, str]:
    """The names that a module imports from the areas, with where they come from."""
    return {
        each.asname or each.name: f"{node.module}.{each.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(tuple(f"tenantry.{area}." for area in AREAS))
        for each in node.names
    }


class Writes:
    """Counts the use cases that write on the longest path through a function."""

    def __init__(
        self,
        names: dict[str, str],
        functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef],
    ) -> None:
        self._names = names
        self._functions = functions
        self._entered = list[str]()

    def at_most(self, node: ast.AST) -> int:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._in_sequence(node.body)
            case ast.If():
                branches = self._in_sequence(node.body), self._in_sequence(node.orelse)
                return self.at_most(node.test) + max(branches)
            case ast.IfExp():
                branches = self.at_most(node.body), self.at_most(node.orelse)
                return self.at_most(node.test) + max(branches)
            case ast.Match():
                return self.at_most(node.subject) + max(
                    self._in_sequence(case.body) for case in node.cases
                )
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self._names:
                return is_write(f"{self._names[module]}.{name}")
            case ast.Name(id=name) if name in self._names:
                return is_write(self._names[name])
            case ast.Name(id=name) if name in self._functions and name not in self._entered:
                self._entered.append(name)
                found = self.at_most(self._functions[name])
                self._entered.pop()
                return found
            case _:
                return sum(map(self.at_most, ast.iter_child_nodes(node)))

    def _in_sequence(self, statements: Sequence[ast.stmt]) -> int:
        match statements:
            case [ast.If(body=[*_, ast.Return() | ast.Raise()]) as branch, *rest]:
                without = self._in_sequence(branch.orelse) + self._in_sequence(rest)
                return self.at_most(branch.test) + max(self._in_sequence(branch.body), without)
            case [first, *rest]:
                return self.at_most(first) + self._in_sequence(rest)
            case _:
                return 0


def is_write(path: str) -> bool:
    """Whether this is a function that runs in a transaction; one that only previews is none."""
    module, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError):
        return False
    if not inspect.isfunction(found) or name.startswith("preview"):
        return False
    first, *_ = [each.annotation for each in inspect.signature(found).parameters.values()] or [None]
    return (get_origin(first) or first) in (Tx, AccountContext, UseCaseContext)
