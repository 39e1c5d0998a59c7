"""How a refusal looks on the wire: `problems.py` and `oauth.py` write it, the document shows it."""

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """One invalid value."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). `code` is stable: programs look at it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] = Field(default_factory=list[FieldProblem])
    required_permission: str | None = None


class OAuthError(BaseModel):
    """What went wrong with a token request (RFC 6749, section 5.2)."""

    error: str
    error_description: str
