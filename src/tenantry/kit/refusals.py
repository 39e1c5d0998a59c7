"""Refusals: errors that rules raise. Each interface turns them into its own responses."""

from typing import Any, ClassVar


class Refusal(Exception):
    """An error for the caller: `code` is stable, `detail` is a sentence.

    `extra` has further members of the response, such as `invitation_id`. None of them repeats what
    the caller sent.
    """

    code: str
    detail: ClassVar[str] = ""

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.detail)
        self.extra = extra


class Unauthenticated(Refusal):
    """The caller is not authenticated."""

    code = "unauthenticated"
    detail = "A valid access token is required."


class NotFound(Refusal):
    """It does not exist, or the caller may not know of it: the same response."""

    code = "not_found"
    detail = "Not found. It may not exist, or you may not have access."


class Forbidden(Refusal):
    """The caller may know of it, but may not do this."""


class PermissionDenied(Forbidden):
    """The caller's role lacks the permission."""

    code = "permission_denied"
    detail = "Your role lacks the required permission."


class Conflict(Refusal):
    """A rule or a uniqueness constraint does not allow it in the current state."""


class Gone(Refusal):
    """It existed, and can no longer be used."""


class TooManyRequests(Refusal):
    """A rate limit is exceeded: try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class Invalid(Refusal):
    """A value cannot be accepted; `pointer` says which (RFC 6901, in a URI fragment)."""

    code = "invalid"
    detail = "The request is not valid."

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__()
        self.errors = [{"pointer": pointer, "detail": detail}]
