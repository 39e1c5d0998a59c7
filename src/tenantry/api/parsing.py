"""Strict parsing of path values, query and body."""

from abc import abstractmethod
from typing import Any, Self

from pydantic import BaseModel, ValidationError

from tenantry.api.routing.operations import Operation
from tenantry.api.schemas.fields import Body, Query
from tenantry.http import strict_json
from tenantry.http.failures import UnsupportedMediaType
from tenantry.http.request import Request
from tenantry.http.urlencoded import FORM, DuplicateField, fields_of
from tenantry.kit.refusals import Invalid, Refusal
from tenantry.kit.text import is_plain

_MOST_FIELDS = 50
_JSON = ("application/json", "application/merge-patch+json")
_DEFAULTS: dict[type[BaseModel], BaseModel] = {}


class Unacceptable(Invalid):
    """The values of a body or a query do not match the schema."""

    code = "validation_failed"
    detail = "Some values are not valid; see `errors`."

    def __init__(self, errors: list[dict[str, str]]) -> None:
        Refusal.__init__(self)
        self.errors = errors


def query_of(model: type[BaseModel], request: Request) -> BaseModel:
    """The query; duplicate and unknown parameters are refused. Unacceptable."""
    if not request.query:
        if model not in _DEFAULTS:  # and where something is required, never
            _DEFAULTS[model] = _validated(model, {}, prefix="")
        return _DEFAULTS[model]
    try:
        given = fields_of(request.query.decode("ascii"), _MOST_FIELDS)
    except DuplicateField:
        raise Unacceptable([{"pointer": "", "detail": "A parameter is given twice."}]) from None
    except ValueError:
        raise Unacceptable([{"pointer": "", "detail": "The query cannot be read."}]) from None
    if not all(map(is_plain, given.values())):
        raise Unacceptable([{"pointer": "", "detail": "A parameter has a control character."}])
    return _validated(model, given, prefix="")


def no_query(request: Request) -> None:
    """Unacceptable if a call without parameters has one."""
    if request.query:
        query_of(Query, request)


async def raw_bytes(operation: Operation, request: Request) -> bytes:
    """The bytes of the body, if it has the right media type.

    PayloadTooLarge, UnsupportedMediaType.
    """
    body = await request.body(operation.largest_body)
    if request.is_encoded:
        raise UnsupportedMediaType(
            "This call takes no Content-Encoding: send the body uncompressed."
        )
    if operation.form:
        if request.media_type != FORM:
            raise UnsupportedMediaType(f"This call takes {FORM}.")
    elif request.media_type not in _JSON[: 2 if operation.method == "PATCH" else 1]:
        raise UnsupportedMediaType("This call takes application/json.")
    return body


def values(operation: Operation, body: bytes) -> Any:
    """The body as plain values, not yet validated. MalformedJson."""
    return _form(body) if operation.form else strict_json.loads(body)


class LargeBody(Body):
    """A body that may be large, so a fast parser tries it first."""

    @classmethod
    @abstractmethod
    def parse_fast(cls, body: bytes) -> Self | None:
        """The body if it is plainly valid; None if it needs full validation."""


def check_of(model: type[BaseModel], body: bytes) -> BaseModel:
    """The validated body of an access check. MalformedJson, Unacceptable."""
    check = model.parse_fast(body) if issubclass(model, LargeBody) else None
    return check or body_of(model, strict_json.loads(body))


def body_of(model: type[BaseModel], value: Any) -> BaseModel:
    if not isinstance(value, dict):
        raise Unacceptable([{"pointer": "#", "detail": "Must be an object."}])
    return _validated(model, value, prefix="#")


def _form(body: bytes) -> dict[str, str]:
    try:
        return fields_of(body.decode("utf-8"), _MOST_FIELDS)
    except DuplicateField:
        raise strict_json.MalformedJson("A parameter is given twice.") from None
    except ValueError:
        raise strict_json.MalformedJson("The form cannot be read.") from None


def _validated(model: type[BaseModel], value: Any, *, prefix: str) -> BaseModel:
    try:
        return model.model_validate(value)
    except ValidationError as broken:
        raise unacceptable(broken, prefix=prefix) from None


def unacceptable(broken: ValidationError, *, prefix: str) -> Unacceptable:
    """The validation errors, without the values that were sent."""
    errors = broken.errors(include_url=False, include_context=False, include_input=False)
    return Unacceptable(
        [
            {
                "pointer": pointer(error["loc"], prefix),
                "detail": error["msg"].removeprefix("Value error, "),
            }
            for error in errors[:50]
        ]
    )


def pointer(location: tuple[int | str, ...], prefix: str) -> str:
    """A JSON pointer in a URI fragment (RFC 6901, section 6); in a query the parameter's name."""
    if not prefix:
        return str(location[0])[:100] if location else ""
    steps = (str(step)[:100].replace("~", "~0").replace("/", "~1") for step in location)
    return "".join([prefix, *(f"/{step}" for step in steps)])
