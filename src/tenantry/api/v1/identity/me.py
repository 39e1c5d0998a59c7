"""The caller's own account."""

from datetime import datetime

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, RequestContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Body, Name, SessionId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.schemas import SessionIdText, UserIdText
from tenantry.http.access import Requirement
from tenantry.identity.offboarding.delete_account import delete_account
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.sessions.model import Session
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind, show

route = Routes("/me")


class UserView(TypedDict):
    """A person."""

    id: UserIdText
    email: str
    email_verified: bool
    name: str
    created_at: datetime
    updated_at: datetime


class SessionView(TypedDict):
    """A session; `is_current` marks the one of this request."""

    id: SessionIdText
    user_agent: str
    network: str
    is_current: bool
    created_at: datetime
    refreshed_at: datetime
    expires_at: datetime


class UserUpdate(Body):
    """The fields to change (RFC 7396)."""

    name: Name = Field(default_factory=str)


def view(user: User) -> UserView:
    return {
        "id": show(Kind.USER, user.id),
        "email": user.email,
        "email_verified": user.email_verified,
        "name": user.name,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


@route.get("", Requirement.SIGNED_IN, id="me.get")
async def get(ctx: ReadContext) -> UserView:
    """Get your account."""
    return view(await users.get(ctx.reading, ctx.reading.user_id))


@route.patch("", Requirement.SIGNED_IN, id="me.update", refuses={412}, limited=True)
async def update(ctx: WriteContext, body: UserUpdate) -> UserView:
    """Change your account: your name."""
    name = body.name if "name" in body.model_fields_set else None
    expected = ctx.if_match(view)
    return view(await users.update_own(ctx.as_person, name=name, expected=expected))


@route.delete("", Requirement.SIGNED_IN, id="me.delete", refuses={409})
async def delete(ctx: RequestContext) -> None:
    """Delete your account, with your personal organization and everything in it."""
    await delete_account(ctx.account, ctx.actor)


@route.get("/sessions", Requirement.SIGNED_IN, id="me.list_sessions")
async def list_sessions(ctx: ReadContext, query: ListQuery[SessionId]) -> ListOf[SessionView]:
    """List your sessions."""
    current = ctx.reading.claims.session_id

    def session_view(session: Session) -> SessionView:
        return {
            "id": show(Kind.SESSION, session.id),
            "user_agent": session.user_agent,
            "network": session.network,
            "is_current": session.id == current,
            "created_at": session.created_at,
            "refreshed_at": session.refreshed_at,
            "expires_at": session.expires_at,
        }

    page = await sessions.list_sessions(ctx.reading, query.page)
    return listed(page, Kind.SESSION, session_view)


@route.delete("/sessions/{session_id}", Requirement.SIGNED_IN, id="me.end_session")
async def end_session(ctx: WriteContext, session_id: SessionId) -> None:
    """End one of your sessions; its tokens are refused from the next request on."""
    await sessions.end(ctx.tx, ctx.actor.id, session_id)
