"""The first page: what this is, and where to go from here."""

from starlette.responses import Response

from tenantry.console.visit import Visit


async def show(visit: Visit) -> Response:
    """Show what this service is."""
    return visit.page("welcome.html")
