"""The declaration of an API call, as a decorator above its handler.

    route = Routes("/organizations")

    @route.get("/{org_id}", Permission.ORGANIZATION_READ, id="organizations.get")
    async def get(ctx: ReadContext) -> OrganizationView:

A handler cannot be declared without the permission, or the `Requirement`, that it needs.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NotRequired, TypedDict, TypeVar, Unpack, get_type_hints

from tenantry.api.routing.operations import Handler, Operation
from tenantry.http.access import Access

PREFIX = "/api/v1"
H = TypeVar("H", bound=Handler)


class Declaration(TypedDict):
    """What else is declared of a call; more about each in `Operation`."""

    id: str
    """The operationId. Its first part is the call's tag, unless `tags` says otherwise."""
    tags: NotRequired[tuple[str, ...]]
    refuses: NotRequired[Iterable[int]]
    """Error statuses in addition to those that follow from the rest of the declaration."""
    creates: NotRequired[str]
    """The path of the new resource, for `Location`; implies 201 and 409."""
    status: NotRequired[int]
    makes: NotRequired[bool]
    restores: NotRequired[bool]
    keyed: NotRequired[bool]
    secret: NotRequired[bool]
    form: NotRequired[bool]
    limited: NotRequired[bool]
    largest_body: NotRequired[int]


class Routes:
    """The calls of one noun, in the order of their declaration, with the tags of each."""

    def __init__(self, prefix: str = "", *, tags: tuple[str, ...] | None = None) -> None:
        self._prefix = PREFIX + prefix
        self._tags = tags
        self._operations: list[Operation] = []

    def at(self, prefix: str) -> "Routes":
        """More calls of the same noun, under another path."""
        other = Routes(prefix, tags=self._tags)
        other._operations = self._operations
        return other

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._operations)

    def get(self, path: str, access: Access, **more: Unpack[Declaration]) -> Callable[[H], H]:
        return self._declare("GET", path, access, more)

    def post(self, path: str, access: Access, **more: Unpack[Declaration]) -> Callable[[H], H]:
        return self._declare("POST", path, access, more)

    def put(self, path: str, access: Access, **more: Unpack[Declaration]) -> Callable[[H], H]:
        return self._declare("PUT", path, access, more)

    def patch(self, path: str, access: Access, **more: Unpack[Declaration]) -> Callable[[H], H]:
        return self._declare("PATCH", path, access, more)

    def delete(self, path: str, access: Access, **more: Unpack[Declaration]) -> Callable[[H], H]:
        return self._declare("DELETE", path, access, more)

    def _declare(
        self, method: str, path: str, access: Access, more: Declaration
    ) -> Callable[[H], H]:
        usual_tags = self._tags or (more["id"].partition(".")[0],)
        options: dict[str, Any] = {"tags": usual_tags, **more}
        refusals = set[int](options.pop("refuses", ()))
        if "creates" in options:
            options["creates"] = PREFIX + options["creates"]
            refusals.add(409)

        def declare(handler: H) -> H:
            hints = get_type_hints(handler, include_extras=True)
            usual = 201 if "creates" in more else 204 if hints["return"] is type(None) else 200
            options.setdefault("status", usual)
            options.update(context=hints["ctx"], hints=hints)
            call = method, self._prefix + path, handler, access
            self._operations.append(Operation(*call, refusals=tuple(sorted(refusals)), **options))
            return handler

        return declare
