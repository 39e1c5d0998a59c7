"""Operation: one declared call of the API, with its permission, input and output."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel, TypeAdapter

from tenantry.api.context import CONTEXTS, RequestContext, WriteContext
from tenantry.authz.builtin_permissions import Permission
from tenantry.http.access import Access
from tenantry.http.request import USUAL_BODY

Handler = Callable[..., Awaitable[Any]]


_AUTHORIZED = ("org_id", "workspace_id")
"""Path values that authorization uses, so that handlers need not take them."""


@dataclass(frozen=True)
class Operation:
    """One call. Its body, query and result are read off the handler's own signature."""

    method: str
    path: str
    handler: Handler
    access: Access
    id: str
    context: type[RequestContext]
    """The context that the handler takes, which says how it reaches the database."""
    tags: tuple[str, ...]
    hints: dict[str, Any]
    """The types of the handler's parameters and result."""
    status: int = 200
    refusals: tuple[int, ...] = ()
    """Error statuses in addition to those that follow from the rest of the declaration."""
    creates: str | None = None
    """The path of the new resource, for `Location`; such a call takes an `Idempotency-Key`."""
    makes: bool = False
    """Whether it may create the resource of its path: 201 if it does, otherwise 200."""
    restores: bool = False
    """Whether its organization may be deleted."""
    keyed: bool = False
    """Whether it takes an `Idempotency-Key` although it creates no resource with a path."""
    secret: bool = False
    """Whether the response contains secrets, and must not be cached."""
    form: bool = False
    """Whether the body is a form, as OAuth requires, instead of JSON."""
    largest_body: int = USUAL_BODY
    """The maximum size of its body in bytes."""
    limited: bool = False
    """Whether it is rate-limited."""
    takes: tuple[str, ...] = field(init=False)
    """The path values that the handler takes."""

    def __post_init__(self) -> None:
        if self.context not in CONTEXTS:
            raise TypeError(f"{self.id}: its handler takes none of the contexts of a call")
        takes = tuple(name for name in self.parameters if name in self.hints)
        object.__setattr__(self, "takes", takes)
        idle = set(self.parameters) - {*takes, *(_AUTHORIZED if self.is_in_organization else ())}
        surplus = self.hints.keys() - {"ctx", "query", "body", "return", *takes}
        if idle or surplus:
            raise TypeError(f"{self.id}: {self.path} and its handler do not fit: {idle | surplus}")

    @property
    def is_in_organization(self) -> bool:
        """Whether it needs a permission in the organization, or the workspace, of its path."""
        return isinstance(self.access, Permission)

    @cached_property
    def takes_key(self) -> bool:
        return self.keyed or self.creates is not None

    @cached_property
    def raises_revision(self) -> bool:
        """Whether it may change who has access, so that its response has the revision."""
        ways = ("/organizations", "/accept", "/sign-up")
        return self.context in (WriteContext, RequestContext) and any(
            way in self.path for way in ways
        )

    @cached_property
    def body(self) -> type[BaseModel] | None:
        return self.hints.get("body")

    @cached_property
    def query(self) -> type[BaseModel] | None:
        return self.hints.get("query")

    @cached_property
    def result(self) -> Any:
        """The type of the response body; None if there is none."""
        result = self.hints["return"]
        return None if result is type(None) else result

    @cached_property
    def is_list(self) -> bool:
        return "list_metadata" in getattr(self.result, "__annotations__", {}) or (
            "list_metadata"
            in getattr(getattr(self.result, "__origin__", None), "__annotations__", {})
        )

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @cached_property
    def described(self) -> str:
        return cleandoc(self.handler.__doc__ or "")

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """For tests: validates responses against the documented type."""
        return TypeAdapter(self.result)
