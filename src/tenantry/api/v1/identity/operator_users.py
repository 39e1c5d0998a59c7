"""What operators see of users and do with their accounts."""

from datetime import datetime

from typing_extensions import TypedDict

from tenantry.api.context import ReadContext, WriteContext
from tenantry.api.routing.declarations import Routes
from tenantry.api.schemas.fields import Email, UserId
from tenantry.api.schemas.paging import ListOf, ListQuery, listed
from tenantry.api.v1.identity.operator_organizations import StatusChange
from tenantry.api.v1.schemas import UserIdText
from tenantry.http.access import Requirement
from tenantry.identity.accounts import operator_actions
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind, show

route = Routes("/operator/users")


class OperatedUserView(TypedDict):
    """A user as operators see them; `status_reason` is the reason of the last change by an
    operator."""

    id: UserIdText
    email: str
    email_verified: bool
    created_at: datetime
    disabled_at: datetime | None
    status_reason: str | None


class UserDisabling(StatusChange):
    """The reason, and whether organizations may be left without an Admin."""

    orphan_organizations: bool = False


class UserDeletion(UserDisabling):
    """The reason, and whether organizations may be left without an Admin."""


class OperatedUsersQuery(ListQuery[UserId]):
    email: Email | None = None


def user_view(user: User) -> OperatedUserView:
    return {
        "id": show(Kind.USER, user.id),
        "email": user.email,
        "email_verified": user.email_verified,
        "created_at": user.created_at,
        "disabled_at": user.disabled_at,
        "status_reason": user.status_reason,
    }


@route.get("", Requirement.OPERATOR, id="operator.list_users")
async def list_users(ctx: ReadContext, query: OperatedUsersQuery) -> ListOf[OperatedUserView]:
    """List all users of the service; `email` filters by address."""
    page = await users.list_users(ctx.reading, query.page, email=query.email)
    return listed(page, Kind.USER, user_view)


@route.get("/{user_id}", Requirement.OPERATOR, id="operator.get_user")
async def get_user(ctx: ReadContext, user_id: UserId) -> OperatedUserView:
    """Get a user of the service."""
    return user_view(await users.get(ctx.reading, user_id))


@route.post("/{user_id}/disable", Requirement.OPERATOR, id="operator.disable_user", refuses={409})
async def disable_user(ctx: WriteContext, user_id: UserId, body: UserDisabling) -> OperatedUserView:
    """Disable a user: every session ends at once, and they cannot sign in.

    A disabled user stays as they are. You cannot disable your own account. Disabling the only Admin
    of an organization needs `orphan_organizations: true`; otherwise 409 `sole_admin` lists the
    `organizations` that would be left without one.
    """
    disabled = await operator_actions.disable_user(
        ctx.tx,
        ctx.operator,
        user_id,
        reason=body.reason,
        orphan_organizations=body.orphan_organizations,
    )
    return user_view(disabled)


@route.post("/{user_id}/enable", Requirement.OPERATOR, id="operator.enable_user")
async def enable_user(ctx: WriteContext, user_id: UserId, body: StatusChange) -> OperatedUserView:
    """Enable a disabled user; their old sessions stay ended."""
    user = await operator_actions.enable_user(ctx.tx, ctx.operator, user_id, reason=body.reason)
    return user_view(user)


@route.post("/{user_id}/end-sessions", Requirement.OPERATOR, id="operator.end_sessions")
async def end_sessions(ctx: WriteContext, user_id: UserId, body: StatusChange) -> OperatedUserView:
    """End all sessions of a user.

    They have to sign in again. Their API keys keep working.
    """
    user = await operator_actions.end_sessions(ctx.tx, ctx.operator, user_id, reason=body.reason)
    return user_view(user)


@route.post("/{user_id}/delete", Requirement.OPERATOR, id="operator.delete_user", refuses={409})
async def delete_user(ctx: WriteContext, user_id: UserId, body: UserDeletion) -> None:
    """Delete a user's account for good, as if the user had deleted it.

    Deleting the only Admin of an organization needs `orphan_organizations: true`; otherwise 409
    `sole_admin` lists these organizations.
    """
    await deletion.delete_user(
        ctx.tx,
        user_id,
        by=ctx.operator,
        reason=body.reason,
        orphan_organizations=body.orphan_organizations,
    )
