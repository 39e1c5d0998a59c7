"""The parameters of the token endpoint, by grant type."""

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict, JsonValue

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"


def _grant(name: str, *needed: str, **fixed: JsonValue) -> JsonDict:
    """What a token request of one grant type brings, for the document."""
    given: JsonDict = {field: {"minLength": 1} for field in needed}
    chosen: JsonDict = {field: {"const": value} for field, value in fixed.items()}
    return {
        "required": ["grant_type", *needed, *fixed],
        "properties": {"grant_type": {"const": name}, **given, **chosen},
    }


_GRANTS: list[JsonValue] = [
    _grant("password", "username", "password"),
    _grant("refresh_token", "refresh_token"),
    _grant(EXCHANGE, "subject_token", "organization", subject_token_type=ACCESS),
]


class TokenRequest(BaseModel):
    """A token request (RFC 6749, sections 4.3.2 and 6; RFC 8693, section 2.1).

    Parameters that OAuth does not define are ignored.
    """

    model_config = ConfigDict(extra="ignore", json_schema_extra={"anyOf": _GRANTS})

    grant_type: str = ""
    username: str = ""
    password: str = ""
    refresh_token: str = ""
    subject_token: str = ""
    subject_token_type: str = ""
    requested_token_type: str = ""
    actor_token: str = ""
    organization: str = ""
    workspace: str = ""
    audience: str = ""
