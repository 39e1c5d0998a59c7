"""Wires the service together."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from tenantry.api.application import Application
from tenantry.console.routes import console
from tenantry.credentials.api_keys.uses import KeyUses
from tenantry.credentials.tokens.access_tokens import AccessTokens
from tenantry.credentials.tokens.authentication import Authentication
from tenantry.credentials.tokens.issuers import TrustedIssuer
from tenantry.credentials.tokens.organization_tokens import OrganizationTokens
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.http.base_paths import base_path_of
from tenantry.http.observability.logs import RequestLog
from tenantry.http.observability.metrics import Metrics
from tenantry.http.proxies import Forwarded, Network
from tenantry.http.service import Service
from tenantry.identity.accounts import email_tokens
from tenantry.identity.accounts.passwords import Passwords
from tenantry.identity.erasures import actions as erasures
from tenantry.identity.sessions import actions as sessions
from tenantry.kit.limits import Limits
from tenantry.kit.retention import Retention
from tenantry.kit.secrets import Sealer
from tenantry.platform.idempotency import actions as idempotency
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.delivery import Delivery
from tenantry.platform.mail.layout import Templates
from tenantry.platform.mail.model import Links
from tenantry.platform.mail.transports import Transport
from tenantry.platform.rate_limits import actions as rates
from tenantry.platform.rate_limits.actions import RateLimiters
from tenantry.postgres.database import Database
from tenantry.postgres.pool.options import PoolOptions
from tenantry.tenancy.organizations import lifecycle as organizations
from tenantry.worker import retention
from tenantry.worker.email_worker import AT_ONCE, EmailWorker
from tenantry.worker.housekeeping import Housekeeping, Sweep, Walk
from tenantry.worker.sampling import keep_sampling

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SWEEPS: dict[str, Sweep | Walk] = {
    "idempotency_keys": idempotency.sweep,
    "sessions": sessions.sweep,
    "account_tokens": email_tokens.sweep,
    "account_emails": mail.sweep_accounts,
    "emails": Walk(mail.find_settled, mail.delete_settled),
    "rate_counts": rates.sweep,
    "organizations": Walk(organizations.find_purgeable, organizations.purge),
    "erasures": Walk(erasures.find, erasures.proceed),
}
_PROMPT = ("organizations", "erasures")
"""Sweeps that finish deleting an organization or a person: they run soon after."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a service, decided before it starts."""

    database_url: str
    base_url: str
    signing_keys: SigningKeys
    secret_key: str
    transport: Transport
    links: Links
    smtp_connections: int = AT_ONCE
    """Emails that are sent at the same time."""
    previous_secret_keys: tuple[str, ...] = ()
    """Earlier secret keys, which only decrypt."""
    pool: PoolOptions = field(default_factory=PoolOptions)
    """How many database connections there are, and how long callers wait."""
    templates: Templates = field(default_factory=Templates)
    """The text and layout of emails."""
    sign_up: Literal["open", "invite", "closed"] = "open"
    trusted_issuers: tuple[TrustedIssuer, ...] = ()
    audiences: tuple[str, ...] = ()
    """The product's other services, for organization tokens."""
    allowed_origins: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)
    """How many days data is kept."""
    trusted_proxies: tuple[Network, ...] = ()
    rate_limits: bool = True
    rate_multiplier: int = 1
    """Multiplies all rate limits."""
    passwords: Passwords | None = None
    """How passwords are hashed, unless as usual."""
    shows_version: bool = False
    """Whether /version is served."""
    metrics: Metrics | None = None
    """Metrics, served at /metrics."""
    request_log: RequestLog | None = None
    """Writes a line for each request."""
    tracer_provider: "TracerProvider | None" = None
    """Where OpenTelemetry's spans of requests go."""
    mailbox: Path | None = None
    """The folder of the test inbox at /dev/mail, in development only."""


def create_app(parts: Parts) -> ASGIApp:
    """The ASGI application. Its lifespan opens and closes all connections."""
    budget = parts.limits.event_bytes_a_day * parts.rate_multiplier if parts.rate_limits else 0
    metrics = parts.metrics
    database = Database(
        parts.database_url,
        parts.pool,
        write_budget=budget,
        on_wait=metrics.note_wait if metrics is not None else None,
    )
    sealer = Sealer(parts.secret_key, *parts.previous_secret_keys)
    delivery = Delivery(database, sealer, parts.transport)
    worker = EmailWorker(delivery, metrics, at_once=parts.smtp_connections)
    now_and_then = {name: each for name, each in SWEEPS.items() if name not in _PROMPT}
    sweeps = {
        **now_and_then,
        **retention.sweeps(parts.retention),
        "unreadable_emails": delivery.name_unreadable,
    }
    housekeeping = Housekeeping(database, sweeps, metrics)
    promptly = Housekeeping(database, {name: SWEEPS[name] for name in _PROMPT}, metrics)
    tokens = AccessTokens(parts.signing_keys, issuer=parts.base_url)
    service = Service(
        database=database,
        secret_key_id=sealer.key_id,
        tokens=tokens,
        organization_tokens=OrganizationTokens(
            parts.signing_keys, issuer=parts.base_url, audiences=parts.audiences
        ),
        authentication=Authentication(tokens, parts.trusted_issuers),
        passwords=parts.passwords or Passwords(),
        outbox=Outbox(sealer, parts.links, parts.templates, worker.wake),
        base_url=parts.base_url,
        base_path=base_path_of(parts.base_url),
        sign_up=parts.sign_up,
        limits=parts.limits,
        rate_limiters=RateLimiters(
            parts.secret_key, on=parts.rate_limits, rate_multiplier=parts.rate_multiplier
        ),
        key_uses=KeyUses(database),
    )

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[None]:
        jobs = [
            worker.run(),
            housekeeping.run(),
            promptly.run(promptly=True),
            service.key_uses.run(),
        ]
        if metrics is not None:
            jobs.append(keep_sampling(metrics, database))
        async with _working(jobs):
            yield
        await service.key_uses.write()
        service.passwords.close()
        await service.authentication.close()
        if parts.tracer_provider is not None:
            await asyncio.to_thread(parts.tracer_provider.force_flush)
        await database.close()

    pages = console(service, parts.mailbox)
    app = Application(
        service,
        lifespan=lifespan,
        pages=pages.routes,
        refuse_page=pages.refuse,
        shows_version=parts.shows_version,
        metrics=metrics,
        observers=[each for each in (metrics, parts.request_log) if each is not None],
    )
    traced = _traced(app, parts.tracer_provider)
    with_cors = _with_cors(traced, parts.allowed_origins)
    return Forwarded(with_cors, parts.trusted_proxies) if parts.trusted_proxies else with_cors


@asynccontextmanager
async def _working(jobs: Sequence[Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
    """Run the jobs in the background, and cancel them at the end."""
    tasks = [asyncio.create_task(job) for job in jobs]
    yield
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def _traced(app: ASGIApp, provider: "TracerProvider | None") -> ASGIApp:
    if provider is None:
        return app
    from tenantry.http.observability.traced import Traced

    return Traced(app, provider)


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_methods=["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"],
        allow_headers=[
            *("Authorization", "Content-Type", "Idempotency-Key"),
            *("If-Match", "If-None-Match", "X-Request-ID"),
        ],
        expose_headers=[
            *("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate"),
            *("X-Request-ID", "Idempotency-Replayed", "RateLimit", "RateLimit-Policy"),
            "Tenantry-Revision",
        ],
        max_age=600,
    )
