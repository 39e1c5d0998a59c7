"""What can go wrong, each as an exception of its own; `code` is what programs look at."""

from typing import Any


class TenantryError(Exception):
    """Everything that this library raises by itself."""


class Unreachable(TenantryError):
    """Tenantry could not be reached, or did not answer; what became of the call is not known."""


class Misconfigured(Unreachable):
    """A configuration mistake of this service keeps it from asking Tenantry: the message says what
    to change. Trying again does not help."""


class TokenRefused(TenantryError):
    """A token that is not trusted here. The reason is for logs, never for the caller."""


class WrongAudience(TokenRefused):
    """A valid token of the issuer for another audience than this service's."""

    def __init__(self, audience: Any, expected: str) -> None:
        self.audience = audience
        super().__init__(f"it is for another audience: {audience!r}, and this is {expected!r}")


class Problem(TenantryError):
    """Tenantry refused a call (RFC 9457, or RFC 6749 at the token endpoint)."""

    def __init__(self, status: int, told: dict[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.code: str = told.get("code") or told.get("error") or "unknown"
        """Stable: see Tenantry's API-DESIGN.md."""
        self.detail: str = told.get("detail") or told.get("error_description") or ""
        self.request_id: str = told.get("request_id", "")
        self.errors: list[dict[str, str]] = told.get("errors", [])
        """Of invalid values: `pointer` and `detail` of each."""
        self.told = told
        """All members, such as `invitation_id` or `required_permission`."""
        self.retry_after = retry_after
        """After how many seconds the same may be tried again, where Tenantry said so."""
        super().__init__(f"{status} {self.code}: {self.detail} ({self.request_id})")


class BadRequest(Problem):
    """400, 405, 408, 413, 415, 431: it could not be read, or is none of the API's calls."""


class Unauthenticated(Problem):
    """401: no token, or one that is not good any more."""


class PermissionDenied(Problem):
    """403: known here, and not permitted."""

    @property
    def required_permission(self) -> str | None:
        """Which permission was missed, where it was one."""
        return self.told.get("required_permission")


class NotFound(Problem):
    """404: unknown, or not for the caller to see."""


class Conflict(Problem):
    """409: a rule or a unique name prevents it."""


class Gone(Problem):
    """410: it was there once, and is spent."""


class PreconditionFailed(Problem):
    """412, 428: another version than the one that is meant, or none was named."""


class Invalid(Problem):
    """422: invalid values; `errors` says which."""


class RateLimited(Problem):
    """429: too often; again after `retry_after` seconds."""


class Unavailable(Problem):
    """5xx: Tenantry, or what it rests on, is away."""


_BY_STATUS: dict[int, type[Problem]] = {
    401: Unauthenticated,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: PreconditionFailed,
    422: Invalid,
    428: PreconditionFailed,
    429: RateLimited,
}


def problem_of(status: int, told: dict[str, Any], retry_after: float | None) -> Problem:
    """The problem that a response reports."""
    otherwise = Unavailable if status >= 500 else BadRequest
    return _BY_STATUS.get(status, otherwise)(status, told, retry_after)
