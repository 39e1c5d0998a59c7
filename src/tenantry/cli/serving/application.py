"""The application of production, by the environment: what each process of `tenantry serve` runs."""

import os

from starlette.types import ASGIApp

from tenantry.app import create_app
from tenantry.cli import logs
from tenantry.cli.refusals import CannotStart
from tenantry.cli.serving.assembly import assembled
from tenantry.cli.serving.preflight import ensure_complete
from tenantry.cli.serving.running import spare_the_collector
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.settings import Settings


def application() -> ASGIApp:
    """Put it together. CannotStart where the environment does not say all of it."""
    settings = Settings.load(os.environ)
    ensure_complete(settings)
    database, keys, secret = settings.database_url, settings.signing_keys, settings.secret_key
    if database is None or keys is None or secret is None or settings.base_url is None:
        raise CannotStart("DATABASE_URL is missing.")
    app = create_app(
        assembled(
            settings,
            base_url=settings.base_url,
            database_url=database.get_secret_value(),
            signing_keys=SigningKeys.load(keys.get_secret_value()),
            secret_key=secret.get_secret_value(),
            request_log=logs.configure(settings, level="info", form="json"),
        )
    )
    spare_the_collector()
    return app
