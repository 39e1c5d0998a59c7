"""The parts of a service from its settings, the same for `dev` and `serve`."""

from typing import TYPE_CHECKING

from tenantry.app import Parts
from tenantry.cli.errors import CannotStart
from tenantry.cli.parts import (
    audiences,
    limits,
    links,
    pool,
    retention,
    templates,
    transport,
    trusted_issuers,
)
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.http.observability.logs import RequestLog
from tenantry.http.observability.metrics import Metrics
from tenantry.http.observability.tracing import provider_of_environment
from tenantry.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def assemble_parts(
    settings: Settings,
    *,
    base_url: str,
    database_url: str,
    signing_keys: SigningKeys,
    secret_key: str,
    request_log: RequestLog | None,
) -> Parts:
    """The parts that follow from the settings, with those that differ. CannotStart."""
    return Parts(
        database_url=database_url,
        base_url=base_url,
        signing_keys=signing_keys,
        secret_key=secret_key,
        previous_secret_keys=settings.previous_secret_keys,
        smtp_connections=settings.smtp_connections,
        transport=transport(settings, base_url),
        links=links(settings, base_url),
        pool=pool(settings),
        templates=templates(settings),
        sign_up=settings.sign_up,
        trusted_issuers=trusted_issuers(settings),
        audiences=audiences(settings, base_url),
        shows_version=bool(settings.show_version),
        metrics=_metrics(settings),
        request_log=request_log,
        tracer_provider=tracer_provider(),
        allowed_origins=settings.allowed_origins,
        limits=limits(settings),
        retention=retention(settings),
        trusted_proxies=settings.trusted_proxies,
        rate_limits=settings.rate_limits == "on",
    )


def tracer_provider() -> "TracerProvider | None":
    """Where spans go, by the environment. CannotStart."""
    try:
        return provider_of_environment()
    except ModuleNotFoundError as missing:
        raise CannotStart(
            "OTEL_EXPORTER_… is set, and OpenTelemetry is not installed: "
            "install `tenantry[otel]`, or unset it."
        ) from missing


def _metrics(settings: Settings) -> Metrics | None:
    if not settings.metrics:
        return None
    token = settings.metrics_token
    return Metrics(token.get_secret_value() if token else None)
