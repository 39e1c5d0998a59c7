"""Who calls: the bearer of a token, let in where a trusted issuer knows them and we do not yet."""

from collections.abc import Callable
from dataclasses import replace

from tenantry.authz.authority import KeyActor, ServiceKey
from tenantry.authz.claims import Claims, Credentials
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.http.request import Request
from tenantry.http.service import Service
from tenantry.identity.accounts import jit_provisioning
from tenantry.kit.refusals import Unauthenticated
from tenantry.postgres.transaction import Tx

Caller = Credentials | ExternalIdentity


async def caller(service: Service, request: Request) -> Caller:
    """Whose token the call bears (RFC 6750, section 2.1). Unauthenticated, IssuerUnavailable."""
    scheme, _, token = request.header(b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    who = await service.authentication.authenticate(token.strip(), service.database.execute)
    if isinstance(who, Claims):
        request.user_id = who.user_id
        return who
    return who if isinstance(who, ExternalIdentity) else replace(who, told=_told(service, request))


def _told(service: Service, request: Request) -> Callable[[KeyActor | ServiceKey], None]:
    def told(key: KeyActor | ServiceKey) -> None:
        request.key = key
        if isinstance(key, ServiceKey):
            service.key_uses.note(key.id)

    return told


async def admitted(tx: Tx, request: Request, subject: ExternalIdentity) -> Claims:
    """Who a new subject is from now on, as part of the act that they came for."""
    claims = await jit_provisioning.provision(tx, subject, request.client)
    request.user_id = claims.user_id
    return claims


def note_use(service: Service, request: Request) -> None:
    """Note that an organization's key was let into it."""
    if isinstance(request.key, KeyActor) and request.org_id is not None:
        service.key_uses.note(request.key.key_id, request.org_id)
