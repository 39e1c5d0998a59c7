"""The context of acts on accounts, as the API and the console build it from a request."""

from tenantry.http.rate_headers import rate_limiter_of
from tenantry.http.request import Request
from tenantry.http.service import Service
from tenantry.identity.accounts.context import AccountContext
from tenantry.platform.mail.actions import Outbox
from tenantry.postgres.unit_of_work import UnitOfWork


def account_context(
    service: Service, request: Request, outbox: Outbox, work: UnitOfWork
) -> AccountContext:
    """The context of one request."""
    return AccountContext(
        work=work,
        passwords=service.passwords.until(request.departure),
        rate_limiter=rate_limiter_of(service, request),
        outbox=outbox,
        client=request.client,
        sign_up=service.sign_up,
        limits=service.limits,
    )
