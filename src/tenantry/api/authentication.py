"""The bearer of a token; a trusted issuer's new user is created with their first call."""

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


async def authenticate(service: Service, request: Request) -> Credentials | ExternalIdentity:
    """The caller, by bearer token (RFC 6750, section 2.1). Unauthenticated, IssuerUnavailable."""
    scheme, _, token = request.header(b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    caller = await service.authentication.authenticate(token.strip(), service.database.execute)
    if isinstance(caller, Claims):
        request.user_id = caller.user_id
        return caller
    if isinstance(caller, ExternalIdentity):
        return caller
    return replace(caller, on_authenticated=_note_key(service, request))


def _note_key(service: Service, request: Request) -> Callable[[KeyActor | ServiceKey], None]:
    def note(key: KeyActor | ServiceKey) -> None:
        request.key = key
        if isinstance(key, ServiceKey):
            service.key_uses.note(key.id)

    return note


async def provision(tx: Tx, request: Request, identity: ExternalIdentity) -> Claims:
    """Create the user of an external identity, in the transaction of their first call."""
    claims = await jit_provisioning.provision(tx, identity, request.client)
    request.user_id = claims.user_id
    return claims


def note_key_use(service: Service, request: Request) -> None:
    """Record that an API key was used."""
    if isinstance(request.key, KeyActor) and request.org_id is not None:
        service.key_uses.note(request.key.key_id, request.org_id)
