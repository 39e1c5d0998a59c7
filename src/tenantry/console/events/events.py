"""Events: what happened in an organization, one of them in full, and all of them as a file."""

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
async def show(page: OrganizationPage) -> Response:
    """Show what happened, the newest first; of one kind if the address says so."""
    action = _action(page)
    wanted = page_request(page.ctx, Kind.EVENT, newest_first=True)
    listed = await events.list_events(page.reading, wanted, action=action or None)
    translate = page.ctx.translate
    named = sorted((str(translate(words)), name) for name, words in ACTIONS.items())
    query = f"order=desc&action={action}" if action else "order=desc"
    return page.render(
        "events/events.html",
        events=listed,
        kind=Kind.EVENT,
        telling=EventTexts(translate),
        action=action,
        in_file=await events.count(page.reading, action=action or None, most=_MOST_COUNTED + 1),
        most_counted=_MOST_COUNTED,
        actions=[(name, words) for words, name in named],
        curl=page.curl("GET", f"/organizations/{page.org_id}/events?{query}"),
    )


@organization_page("/events/{event_id}", Permission.EVENT_READ)
async def show_one(page: OrganizationPage) -> Response:
    """Show one event with all that it changed."""
    event_id = page.ids["event_id"]
    event = found(await events.list_events(page.reading, only(event_id), action=None))
    before = show_id(Kind.EVENT, only(event_id).after or event_id)
    return page.render(
        "events/event.html",
        event=event,
        event_id=show_id(Kind.EVENT, event.id),
        telling=EventTexts(page.ctx.translate),
        curl=page.curl("GET", f"/organizations/{page.org_id}/events?after={before}&limit=1"),
    )


@organization_page("/events/export", Permission.EVENT_READ, is_file=True)
async def export(page: OrganizationPage) -> Response:
    """Send all events, the oldest first, as CSV or as JSON lines; of one kind if wanted.

    They are read part by part while they are sent, each part with the permission of that moment.
    """
    action = _action(page)
    name = page.ctx.query("format")
    name = name if name in FORMATS else "csv"
    first = await events.list_events(page.reading, PageRequest(_AT_ONCE), action=action or None)
    return StreamingResponse(
        chunks(page.reading, first, action or None, FORMATS[name]),
        media_type=FORMATS[name].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{_file_name(page)}.{name}"',
            "Cache-Control": "no-store",
        },
    )


def _file_name(page: OrganizationPage) -> str:
    return f"{page.organization.slug}-events"


def _action(page: OrganizationPage) -> str:
    """Which kind of event the address asks for; none where it names none that there is."""
    action = page.ctx.query("action")
    return action if action in ACTIONS else ""
