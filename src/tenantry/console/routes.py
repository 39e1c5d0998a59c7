"""Every page's URL."""

from pathlib import Path

from starlette.routing import BaseRoute

from tenantry.web.service import Service


def routes(service: Service, mailbox: Path | None) -> list[BaseRoute]:
    """The pages that letters lead to; in development also the mail that was caught."""
    return []
