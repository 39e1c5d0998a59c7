"""Shapes of calls about auth: written from openapi.json, by `make openapi`."""

from typing import Literal, NotRequired, TypedDict

from tenantry_client.shapes.shared import Organization, User, Workspace


class Introspection(TypedDict):
    """What is true of the token at this moment; for an inactive one, only that."""

    active: bool
    token_type: NotRequired[str]
    iss: NotRequired[str]
    aud: NotRequired[str]
    sub: NotRequired[str]
    sid: NotRequired[str]
    client_id: NotRequired[str]
    jti: NotRequired[str]
    iat: NotRequired[int]
    exp: NotRequired[int]
    org_id: NotRequired[str]
    workspace_id: NotRequired[str]
    role: NotRequired[str]
    permissions: NotRequired[list[str]]


class OrganizationToken(TypedDict):
    """An organization token (RFC 8693, section 2.2.1), with its organization and workspace."""

    access_token: str
    issued_token_type: str
    token_type: Literal["Bearer"]
    expires_in: int
    audience: str
    organization_id: str
    workspace_id: str | None


class SignUp(TypedDict):
    """A new account, signed in, with its personal organization and default workspace."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    user: User
    organization: Organization
    workspace: Workspace


class Tokens(TypedDict):
    """An access token with its refresh token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
