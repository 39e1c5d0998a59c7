"""The production application: what each process of `tenantry serve` runs."""

import os

from starlette.types import ASGIApp

from tenantry.app import create_app
from tenantry.cli import logs
from tenantry.cli.errors import CannotStart
from tenantry.cli.serving.assembly import assemble_parts
from tenantry.cli.serving.preflight import ensure_complete
from tenantry.cli.serving.server import tune_garbage_collector
from tenantry.credentials.tokens.signing_keys import SigningKeys
from tenantry.settings import Settings


def application() -> ASGIApp:
    """Build it from the environment. CannotStart if settings are missing."""
    settings = Settings.load(os.environ)
    ensure_complete(settings)
    database, keys, secret = settings.database_url, settings.signing_keys, settings.secret_key
    if database is None or keys is None or secret is None or settings.base_url is None:
        raise CannotStart("DATABASE_URL is missing.")
    app = create_app(
        assemble_parts(
            settings,
            base_url=settings.base_url,
            database_url=database.get_secret_value(),
            signing_keys=SigningKeys.load(keys.get_secret_value()),
            secret_key=secret.get_secret_value(),
            request_log=logs.configure(settings, level="info", form="json"),
        )
    )
    tune_garbage_collector()
    return app
