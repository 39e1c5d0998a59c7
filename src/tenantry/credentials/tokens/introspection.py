"""Introspection by a service key: key and token are checked in one message."""

from tenantry.authz import grants
from tenantry.authz.authorization import Authorization
from tenantry.authz.claims import Claims
from tenantry.authz.grants import Grant, Scope
from tenantry.authz.key_authorization import ServiceKeyAuthorization
from tenantry.kit.refusals import NotFound, Unauthenticated
from tenantry.postgres.reader import Executor


async def ensure_active(exchange: Executor, key: ServiceKeyAuthorization) -> None:
    """InvalidToken if the service key is not active."""
    (known,) = await exchange([key.statement()])
    key.service_key(known)


async def is_signed_in(exchange: Executor, key: ServiceKeyAuthorization, claims: Claims) -> bool:
    """Whether the session is active. InvalidToken if the service key is not."""
    authorization = Authorization(claims)
    known, answer = await exchange([key.statement(), authorization.statement()])
    key.service_key(known)
    return bool(answer.rows)


async def find_grant(
    exchange: Executor, key: ServiceKeyAuthorization, claims: Claims, place: Scope
) -> Grant | None:
    """The bearer's current grant; None if the session has ended or the scope is not visible.

    InvalidToken if the service key is not active.
    """
    known, answer = await exchange([key.statement(), grants.grant_statement(claims, place)])
    key.service_key(known)
    try:
        return grants.grant_of(answer, place)
    except (Unauthenticated, NotFound):
        return None
