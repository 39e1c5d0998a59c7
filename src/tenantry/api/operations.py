"""Operation: one call of the API, declared: who may make it, and what goes in and comes out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel, TypeAdapter

from tenantry.authz.builtin_permissions import NAME_PATTERN, Permission
from tenantry.http.request import USUAL_BODY
from tenantry.kit.ids import Kind

Handler = Callable[..., Awaitable[Any]]


class Requirement(Enum):
    """Who may come in where no organization is entered."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    BEARER = "signed in, or a key"
    OPERATOR = "an operator"


Access = Requirement | Permission


class Mode(Enum):
    """How a handler reaches the database."""

    READ = "read"
    """One message, with the entrance in it."""

    WRITE = "write"
    """One transaction, entered, and committed before the reply."""

    ASK = "ask"
    """One message, by whoever bears a credential: a question, with a body, that changes nothing."""

    FREE = "free"
    """The handler opens its own transactions: something slow must not hold one open."""


PATH_IDS = {
    "org_id": Kind.ORGANIZATION,
    "workspace_id": Kind.WORKSPACE,
    "role_id": Kind.ROLE,
    "member_id": Kind.MEMBERSHIP,
    "invitation_id": Kind.INVITATION,
    "session_id": Kind.SESSION,
    "user_id": Kind.USER,
    "key_id": Kind.API_KEY,
    "service_account_id": Kind.SERVICE_ACCOUNT,
    "service_key_id": Kind.SERVICE_KEY,
    "email_id": Kind.EMAIL,
}
PATH_NAMES = {"permission": f"^{NAME_PATTERN}$"}
"""What in a path is a name, and no id: how it is written."""
_PLACES = ("org_id", "workspace_id")
"""What authorization takes of the path, so that the handler need not."""


@dataclass(frozen=True)
class Operation:
    """One call. Its body, query and result are read off the handler's own signature."""

    method: str
    path: str
    handler: Handler
    access: Access
    id: str
    mode: Mode
    tags: tuple[str, ...]
    hints: dict[str, Any]
    """The types of the handler's parameters and result."""
    status: int = 200
    refusals: tuple[int, ...] = ()
    """Statuses besides those that follow from the rest of the declaration."""
    creates: str | None = None
    """The path of what it makes, for Location; such a call takes an Idempotency-Key."""
    makes: bool = False
    """Whether it makes what its path names where that is not there: 201 then, and else 200."""
    restores: bool = False
    """Whether its organization may be a deleted one."""
    keyed: bool = False
    """Whether it takes an Idempotency-Key though it makes no one thing that has a path."""
    secret: bool = False
    """Whether the answer has tokens in it, so that nobody may keep it."""
    form: bool = False
    """Whether the body is a form, as OAuth wants it, and no JSON."""
    largest_body: int = USUAL_BODY
    """The most bytes that its body may have; more is not read."""
    limited: bool = False
    """Whether it is counted, and refused where it is called too often."""
    takes: tuple[str, ...] = field(init=False)
    """What the handler takes of the path."""

    def __post_init__(self) -> None:
        takes = tuple(name for name in self.parameters if name in self.hints)
        object.__setattr__(self, "takes", takes)
        idle = set(self.parameters) - {*takes, *(_PLACES if self.is_in_organization else ())}
        surplus = self.hints.keys() - {"ctx", "query", "body", "return", *takes}
        if idle or surplus:
            raise TypeError(f"{self.id}: {self.path} and its handler do not fit: {idle | surplus}")

    @property
    def is_in_organization(self) -> bool:
        """Whether it needs a permission in the organization, or the workspace, of its path."""
        return isinstance(self.access, Permission)

    @cached_property
    def takes_key(self) -> bool:
        """Whether the same call again can be known by its Idempotency-Key."""
        return self.keyed or self.creates is not None

    @cached_property
    def raises_revision(self) -> bool:
        """Whether what it does may be a change of access, which its answer numbers."""
        ways = ("/organizations", "/accept", "/sign-up")
        return self.mode in (Mode.WRITE, Mode.FREE) and any(way in self.path for way in ways)

    @cached_property
    def body(self) -> type[BaseModel] | None:
        """The model of the body."""
        return self.hints.get("body")

    @cached_property
    def query(self) -> type[BaseModel] | None:
        """The model of the query."""
        return self.hints.get("query")

    @cached_property
    def result(self) -> Any:
        """The type of what is sent; None where there is nothing to send."""
        result = self.hints["return"]
        return None if result is type(None) else result

    @cached_property
    def is_list(self) -> bool:
        """Whether it answers with a page."""
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
        """The handler's own promise."""
        return cleandoc(self.handler.__doc__ or "")

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """For tests: holds what is sent against what is documented."""
        return TypeAdapter(self.result)
