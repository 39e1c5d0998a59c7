"""The audit log: events."""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import EventId, Text
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import EventIdText, OrganizationIdText
from tenantry.authz.builtin_permissions import Permission
from tenantry.kit.ids import Kind, show
from tenantry.platform.audit import actions as events
from tenantry.platform.audit.model import Event

route = Routes()

# Whatever else acts is a person, or has no id.
_ACTORS = {"api_key": Kind.API_KEY, "service_account": Kind.SERVICE_ACCOUNT}


class ActorView(TypedDict):
    """Who did it, with their name at that time."""

    type: str
    id: str | None
    name: str


class TargetView(TypedDict):
    """What it was done to, with its name at that time."""

    type: str
    id: str
    name: str


class ChangeView(TypedDict):
    """One changed object: `before` is null if it was created, `after` if it was deleted.

    An update has only the fields that changed; of `metadata` only the keys, where null means that a
    key is absent.
    """

    type: str
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EventView(TypedDict):
    """Who did what, and what changed."""

    id: EventIdText
    organization_id: OrganizationIdText
    action: str
    actor: ActorView
    targets: list[TargetView]
    occurred_at: datetime
    request_id: str | None
    changes: list[ChangeView]


class EventsQuery(ListQuery[EventId]):
    """Which events; `action` is for example `invitation.created`."""

    action: Text | None = None


def view(event: Event) -> EventView:
    targets: Any = event.targets
    changes: Any = event.changes
    actor_kind = _ACTORS.get(event.actor_type, Kind.USER)
    actor_id = show(actor_kind, event.actor_id) if event.actor_id else None
    return {
        "id": show(Kind.EVENT, event.id),
        "organization_id": show(Kind.ORGANIZATION, event.org_id),
        "action": event.action,
        "actor": {"type": event.actor_type, "id": actor_id, "name": event.actor_name},
        "targets": targets,
        "occurred_at": event.occurred_at,
        "request_id": event.request_id,
        "changes": changes,
    }


@route.get(
    "/organizations/{org_id}/events",
    Permission.EVENT_READ,
    id="events.list",
    tags=("organizations",),
)
async def list_of_organization(ctx: ReadContext, query: EventsQuery) -> ListOf[EventView]:
    """List the events of an organization, oldest first; `order=desc` reverses the order."""
    page = await events.list_events(ctx.reading, query.page, action=query.action)
    return listed(page, Kind.EVENT, view)
