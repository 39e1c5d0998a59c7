"""OAuth's error format, for its endpoints (RFC 6749, section 5.2)."""

import orjson

from tenantry.http import problems
from tenantry.http.failures import MalformedBody, retry_after
from tenantry.http.response import Header, Reply
from tenantry.kit.refusals import Invalid, Refusal
from tenantry.platform.rate_limits.model import RateLimited


class OAuthRefusal(Refusal):
    def __init__(self, detail: str = "", *, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status


class InvalidRequest(OAuthRefusal):
    """A parameter is missing, repeated, or malformed."""

    code = "invalid_request"


class InvalidClient(OAuthRefusal):
    """The caller has not authenticated as a service of the product."""

    code = "invalid_client"
    detail = "A service key is required: as a bearer token, or as the password of HTTP Basic."

    def __init__(self) -> None:
        super().__init__(status=401)


class InvalidGrant(OAuthRefusal):
    code = "invalid_grant"


class UnsupportedGrantType(OAuthRefusal):
    code = "unsupported_grant_type"
    detail = "grant_type must be password, refresh_token or that of token exchange."


class UnsupportedTokenType(OAuthRefusal):
    """Tokens of this type cannot be revoked (RFC 7009, section 2.2.1)."""

    code = "unsupported_token_type"


class InvalidTarget(OAuthRefusal):
    """No token is issued for the requested target (RFC 8693, section 2.2.2)."""

    code = "invalid_target"


def reply_to(failure: Exception, request_id: str) -> Reply:
    """The response to a failed token request; an ordinary problem if OAuth defines no error."""
    if isinstance(failure, Invalid | MalformedBody):
        failure = InvalidRequest("A parameter is given twice, or cannot be read.")
    if isinstance(failure, RateLimited):
        return _reply(429, failure, request_id, retry_after(failure))
    if not isinstance(failure, OAuthRefusal):
        return problems.reply_to(failure, request_id)
    for_clients = isinstance(failure, InvalidClient)
    challenge = b'Basic realm="tenantry", Bearer' if for_clients else b"Bearer"
    challenges = [(b"www-authenticate", challenge)] if failure.status == 401 else []
    return _reply(failure.status, failure, request_id, *challenges)


def _reply(status: int, refusal: Refusal, request_id: str, *more: Header) -> Reply:
    body = {"error": refusal.code, "error_description": str(refusal), "request_id": request_id}
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *more]
    return Reply(status, orjson.dumps(body), headers)
