"""The route table: finds an operation in time that does not depend on their number."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tenantry.api.routing.operations import Operation


@dataclass(slots=True)
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])
    parameter: "_Node | None" = None
    path: str = ""
    operations: dict[str, Operation] = field(default_factory=dict[str, Operation])


@dataclass(frozen=True, slots=True)
class Match:
    """A matched path: its operations by method, and the values of its parameters."""

    path: str
    """The path's template."""
    operations: dict[str, Operation]
    values: tuple[str, ...]

    @property
    def allow(self) -> str:
        """The methods of the path, for the `Allow` header (RFC 9110, section 10.2.1)."""
        methods = {*self.operations, "OPTIONS"}
        if "GET" in methods:
            methods.add("HEAD")
        return ", ".join(sorted(methods))


class RouteTable:
    """Finds operations by path, segment by segment; literal segments take precedence."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = _Node()
        for operation in operations:
            node = self._root
            for segment in _segments(operation.path):
                if segment.startswith("{"):
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.literal.setdefault(segment, _Node())
            if operation.method in node.operations:
                raise ValueError(f"{operation.method} {operation.path} is declared twice")
            node.path, node.operations[operation.method] = operation.path, operation

    def match(self, path: str) -> Match | None:
        """The operations at this path; a trailing slash makes no difference."""
        node = self._root
        values: list[str] = []
        for segment in _segments(path):
            following = node.literal.get(segment)
            if following is None:
                following = node.parameter
                values.append(segment)
            if following is None:
                return None
            node = following
        return Match(node.path, node.operations, tuple(values)) if node.operations else None


def _segments(path: str) -> list[str]:
    return path.removesuffix("/").split("/")
