"""The application of production, by the environment: what each process of `tenantry serve` runs."""

import os

from starlette.types import ASGIApp

from tenantry.access.keys import SigningKeys
from tenantry.api.tracing import by_environment
from tenantry.app import Parts, create_app
from tenantry.cli import logs
from tenantry.cli.demands import must_be_complete
from tenantry.cli.parts import audiences, carrier, limits, links, templates, trusted_issuers
from tenantry.cli.refusals import CannotStart
from tenantry.cli.running import spare_the_collector
from tenantry.settings import Settings
from tenantry.web.metrics import Metrics


def application() -> ASGIApp:
    """Put it together. CannotStart where the environment does not say all of it."""
    settings = Settings.load(os.environ)
    must_be_complete(settings)
    database, keys, secret = settings.database_url, settings.signing_keys, settings.secret_key
    if database is None or keys is None or secret is None or settings.base_url is None:
        raise CannotStart("DATABASE_URL is missing.")
    app = create_app(
        Parts(
            database_url=database.get_secret_value(),
            base_url=settings.base_url,
            signing_keys=SigningKeys.load(keys.get_secret_value()),
            secret_key=secret.get_secret_value(),
            carrier=carrier(settings),
            links=links(settings, settings.base_url),
            templates=templates(settings),
            sign_up=settings.sign_up,
            trusted_issuers=trusted_issuers(settings),
            audiences=audiences(settings, settings.base_url),
            shows_version=bool(settings.show_version),
            metrics=Metrics() if settings.metrics else None,
            request_log=logs.configure(settings, level="info", form="json"),
            telemetry=by_environment(),
            allowed_origins=settings.allowed_origins,
            limits=limits(settings),
            trusted_proxies=settings.trusted_proxies,
            rate_limits=settings.rate_limits == "on",
        )
    )
    spare_the_collector()
    return app
