"""The types of values in bodies and queries, with their validation and OpenAPI schema."""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from tenantry.kit.ids import Kind, parse
from tenantry.kit.languages import LOCALE_PATTERN
from tenantry.kit.text import (
    NAME_LENGTH,
    RESERVED_SLUGS,
    SLUG_LENGTH,
    SLUG_PATTERN,
    email_address,
    is_line,
    is_role_key,
    is_slug,
    is_visible,
)

# What the schema can say of "one line of text, and not blank": the checks below are the measure.
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
LINE_PATTERN = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


Values = dict[str, Any]
_MOST_UNKNOWN = 10


class Body(BaseModel):
    """A request body; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _cut(cls, value: Any) -> Any:
        """Report the first unknown keys only: there may be a hundred thousand."""
        known = cls.model_fields
        if not isinstance(value, dict) or len(given := cast(Values, value)) <= len(known):
            return cast(Any, value)
        unknown = islice((name for name in given if name not in known), _MOST_UNKNOWN)
        return {name: given[name] for name in (*filter(given.__contains__, known), *unknown)}

    @property
    def for_operators(self) -> bool:
        """Whether the request is for operators only."""
        return False


class Query(BaseModel):
    """Query parameters; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _line(text: str) -> str:
    if not is_line(text):
        raise ValueError("must be one line, without control characters")
    if not is_visible(text):
        raise ValueError("must have at least one visible character")
    return text


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError("must be 2 to 48 of a-z and 0-9, with single hyphens inside")
    if text in RESERVED_SLUGS:
        raise ValueError("is a reserved word")
    return text


def _email(text: str) -> str:
    address = email_address(text)
    if address is None:
        raise ValueError("must be an email address")
    return address


def _id(kind: Kind) -> BeforeValidator:
    def parsed(value: Any) -> UUID:
        found = parse(kind, value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"must be an id that begins with {kind.value}_")
        return found

    return BeforeValidator(parsed)


def _id_schema(kind: Kind) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": kind.pattern})


def _role_name(value: Any) -> UUID | str:
    if isinstance(value, str):
        if value.startswith("role_"):
            found = parse(Kind.ROLE, value)
            if found is not None:
                return found
        elif is_role_key(value):
            return value
    raise ValueError("must be the key of a role, or its id")


def _moment(value: Any) -> Any:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):  # a 30th of February; the last hours of the year 9999
            pass
    raise ValueError("must be a time with its offset, such as 2027-01-31T12:00:00Z")


def _role_key(value: str) -> str:
    if not is_role_key(value):
        raise ValueError(
            "must be lowercase letters, digits, hyphens and underscores, and not an id"
        )
    return value


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 4.0 is as whole as 4 (JSON Schema, section 6.1.1)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unpadded(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


OrganizationId = Annotated[UUID, _id(Kind.ORGANIZATION), _id_schema(Kind.ORGANIZATION)]
WorkspaceId = Annotated[UUID, _id(Kind.WORKSPACE), _id_schema(Kind.WORKSPACE)]
RoleId = Annotated[UUID, _id(Kind.ROLE), _id_schema(Kind.ROLE)]
MembershipId = Annotated[UUID, _id(Kind.MEMBERSHIP), _id_schema(Kind.MEMBERSHIP)]
InvitationId = Annotated[UUID, _id(Kind.INVITATION), _id_schema(Kind.INVITATION)]
EventId = Annotated[UUID, _id(Kind.EVENT), _id_schema(Kind.EVENT)]
UserId = Annotated[UUID, _id(Kind.USER), _id_schema(Kind.USER)]
SessionId = Annotated[UUID, _id(Kind.SESSION), _id_schema(Kind.SESSION)]
ApiKeyId = Annotated[UUID, _id(Kind.API_KEY), _id_schema(Kind.API_KEY)]
ServiceAccountId = Annotated[UUID, _id(Kind.SERVICE_ACCOUNT), _id_schema(Kind.SERVICE_ACCOUNT)]
EmailId = Annotated[UUID, _id(Kind.EMAIL), _id_schema(Kind.EMAIL)]
ServiceKeyId = Annotated[UUID, _id(Kind.SERVICE_KEY), _id_schema(Kind.SERVICE_KEY)]
WHOLE = BeforeValidator(_whole)
ONE_LINE = AfterValidator(_line)
Name = Annotated[
    str,
    BeforeValidator(_unpadded),
    StringConstraints(min_length=1, max_length=NAME_LENGTH),
    ONE_LINE,
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH, "pattern": LINE_PATTERN}
    ),
]
Slug = Annotated[
    str,
    AfterValidator(_slug),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 2,
            "maxLength": SLUG_LENGTH,
            "pattern": SLUG_PATTERN,
            "not": {"enum": sorted(RESERVED_SLUGS)},
        }
    ),
]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Text = Annotated[
    str,
    StringConstraints(max_length=500),
    WithJsonSchema({"type": "string", "maxLength": 500, "pattern": TEXT_PATTERN}),
]
Reason = Annotated[
    str,
    BeforeValidator(_unpadded),
    StringConstraints(min_length=1, max_length=500),
    ONE_LINE,
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 500, "pattern": LINE_PATTERN}),
]
Locale = Annotated[
    str,
    StringConstraints(pattern=LOCALE_PATTERN, max_length=35),
]
NewPassword = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "password",
            "minLength": 12,
            "maxLength": 256,
            "pattern": TEXT_PATTERN,
        }
    ),
]
GivenPassword = Annotated[
    str,
    StringConstraints(max_length=256),
    WithJsonSchema({"type": "string", "maxLength": 256, "pattern": TEXT_PATTERN}),
]
Token = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200, "pattern": TEXT_PATTERN}),
]
RoleKey = Annotated[
    str,
    AfterValidator(_role_key),
    WithJsonSchema({"type": "string", "pattern": "^(?!role_)[a-z0-9][a-z0-9_-]{0,47}$"}),
]
RoleName = Annotated[
    UUID | str,
    BeforeValidator(_role_name),
    WithJsonSchema(
        {
            "type": "string",
            "description": "The key of a role, or its id.",
            "anyOf": [
                {"pattern": "^(?!role_)[a-z0-9][a-z0-9_-]{0,47}$"},
                {"pattern": Kind.ROLE.pattern},
            ],
        }
    ),
]
# RFC 3339: a time without its offset is no moment, and is refused.
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
