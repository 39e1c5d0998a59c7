"""The audit log of an organization: a list, one event, and all events as a file."""

from starlette.responses import Response, StreamingResponse

from tenantry.authz.builtin_permissions import Permission
from tenantry.console.events.export import FORMATS, chunks
from tenantry.console.paging import found, only, page_request
from tenantry.console.routing import organization_page
from tenantry.console.texts.events import ACTIONS, EventTexts
from tenantry.console.user_pages import OrganizationPage
from tenantry.kit.ids import Kind
from tenantry.kit.ids import show as show_id
from tenantry.kit.page import PageRequest
from tenantry.platform.audit import actions as events

_AT_ONCE = 100
_MOST_COUNTED = 10_000


@organization_page("/events", Permission.EVENT_READ)
async def index(page: OrganizationPage) -> Response:
    """The newest first; `action` in the query filters."""
    action = _action(page)
    wanted = page_request(page.ctx, Kind.EVENT, newest_first=True)
    listed = await events.list_events(page.reading, wanted, action=action or None)
    translate = page.ctx.translate
    labels = sorted((str(translate(label)), name) for name, label in ACTIONS.items())
    query = f"order=desc&action={action}" if action else "order=desc"
    return page.render(
        "events/events.html",
        events=listed,
        texts=EventTexts(translate),
        action=action,
        count=await events.count(page.reading, action=action or None, most=_MOST_COUNTED + 1),
        most_counted=_MOST_COUNTED,
        actions=[(name, label) for label, name in labels],
        curl=page.curl("GET", f"/organizations/{page.org_id}/events?{query}"),
    )


@organization_page("/events/{event_id}", Permission.EVENT_READ)
async def show(page: OrganizationPage) -> Response:
    event_id = page.ids["event_id"]
    event = found(await events.list_events(page.reading, only(event_id), action=None))
    before = show_id(Kind.EVENT, only(event_id).after or event_id)
    return page.render(
        "events/event.html",
        event=event,
        event_id=show_id(Kind.EVENT, event.id),
        texts=EventTexts(page.ctx.translate),
        curl=page.curl("GET", f"/organizations/{page.org_id}/events?after={before}&limit=1"),
    )


@organization_page("/events/export", Permission.EVENT_READ, is_file=True)
async def export(page: OrganizationPage) -> Response:
    """The oldest first, as CSV or JSON Lines.

    Events are read while they are sent, page by page; each read checks the permission again.
    """
    action = _action(page)
    format = page.ctx.query("format")
    format = format if format in FORMATS else "csv"
    first = await events.list_events(page.reading, PageRequest(_AT_ONCE), action=action or None)
    file_name = f"{page.organization.slug}-events.{format}"
    return StreamingResponse(
        chunks(page.reading, first, action or None, FORMATS[format]),
        media_type=FORMATS[format].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store",
        },
    )


def _action(page: OrganizationPage) -> str:
    """The filter in the query; empty if it is not a known action."""
    action = page.ctx.query("action")
    return action if action in ACTIONS else ""
