"""The baseline: FastAPI with SQLAlchemy's ORM over asyncpg, as a competent team writes it by hand.

A session a request and the signed-in user by dependencies, the membership with its role by another,
pydantic models out. No row security, no session table, no token cache: that is usual, too.
"""

import secrets
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from uuid_utils.compat import uuid7

from bench.peers.usual_access import CurrentUser, Session, require
from bench.peers.usual_models import Invitation, Membership, Organization, Role, User, Workspace
from bench.peers.usual_views import (
    InvitationCreate,
    InvitationView,
    Listed,
    OrganizationCreate,
    OrganizationView,
    RoleView,
    WorkspaceView,
)  # fmt: skip
from bench.population import ROLES

app = FastAPI(title="The usual way")
Limit = Annotated[int, Query(ge=1, le=100)]


@app.get("/api/v1/organizations/{org_id}/workspaces/{workspace_id}", response_model=WorkspaceView)
async def read_workspace(
    workspace_id: UUID,
    session: Session,
    member: Annotated[Membership, require("workspace:read")],
) -> Workspace:
    """One workspace."""
    workspace = await session.get(Workspace, (member.organization_id, workspace_id))
    if workspace is None:
        raise HTTPException(404, "not found")
    return workspace


@app.get("/api/v1/organizations")
async def list_organizations(
    session: Session, user: CurrentUser, limit: Limit = 20, after: UUID | None = None
) -> Listed[OrganizationView]:
    """The caller's organizations, with the caller's role in each."""
    statement = (
        select(Membership)
        .where(Membership.user_id == user.id, Membership.status == "active")
        .options(joinedload(Membership.organization), joinedload(Membership.role))
        .order_by(Membership.organization_id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Membership.organization_id > after)
    memberships = (await session.scalars(statement)).all()
    views = []
    for membership in memberships:
        view = OrganizationView.model_validate(membership.organization)
        view.role = membership.role  # type: ignore[assignment]
        views.append(view)
    return Listed(data=views[:limit], after=views[limit - 1].id if len(views) > limit else None)


async def page(session: AsyncSession, model: Any, org_id: UUID, limit: int, after: Any) -> Any:
    """A page of an organization's rows, in order of their ids."""
    statement = select(model).where(model.organization_id == org_id)
    if after is not None:
        statement = statement.where(model.id > after)
    rows = (await session.scalars(statement.order_by(model.id).limit(limit + 1))).all()
    return {"data": rows[:limit], "after": rows[limit - 1].id if len(rows) > limit else None}


@app.get("/api/v1/organizations/{org_id}/workspaces", response_model=Listed[WorkspaceView])
async def list_workspaces(
    session: Session,
    member: Annotated[Membership, require("workspace:read")],
    limit: Limit = 20,
    after: UUID | None = None,
) -> Any:
    """The organization's workspaces."""
    return await page(session, Workspace, member.organization_id, limit, after)


@app.get("/api/v1/organizations/{org_id}/roles", response_model=Listed[RoleView])
async def list_roles(
    session: Session,
    member: Annotated[Membership, require("role:read")],
    limit: Limit = 20,
    after: UUID | None = None,
) -> Any:
    """The organization's roles."""
    return await page(session, Role, member.organization_id, limit, after)


@app.post("/api/v1/organizations", status_code=201)
async def create_organization(
    body: OrganizationCreate, session: Session, user: CurrentUser
) -> OrganizationView:
    """An organization with its default workspace, three roles, and the caller as its Admin."""
    workspace = Workspace(id=uuid7(), name="Default", slug="default", is_default=True)
    roles = [
        Role(id=uuid7(), key=key, name=key.title(), permissions=permissions)
        for key, permissions in ROLES.items()
    ]
    organization = Organization(
        name=body.name, slug=body.slug, default_workspace_id=workspace.id,
        workspaces=[workspace], roles=roles,
    )  # fmt: skip
    session.add(organization)
    session.add(Membership(organization=organization, role=roles[0], user_id=user.id))
    try:
        await session.commit()
    except IntegrityError as taken:
        raise HTTPException(409, "slug_taken") from taken
    view = OrganizationView.model_validate(organization)
    view.role = roles[0]  # type: ignore[assignment]
    return view


@app.post(
    "/api/v1/organizations/{org_id}/members/invite", status_code=201, response_model=InvitationView
)
async def invite(
    body: InvitationCreate,
    session: Session,
    user: CurrentUser,
    member: Annotated[Membership, require("member:invite")],
) -> Invitation:
    """Offer a seat. The email is left out: teams send it elsewhere."""
    org_id = member.organization_id
    role = await session.scalar(select(Role).filter_by(organization_id=org_id, key=body.role))
    if role is None:
        raise HTTPException(422, "unknown role")
    already = select(Membership.id).join(User, User.id == Membership.user_id)
    already = already.where(Membership.organization_id == org_id, User.email == body.email.lower())
    if await session.scalar(already) is not None:
        raise HTTPException(409, "already_member")
    invitation = Invitation(
        organization_id=org_id, email=body.email.lower(), role=role, inviter=user,
        token_digest=sha256(secrets.token_bytes(32)).digest(),
    )  # fmt: skip
    session.add(invitation)
    try:
        await session.commit()
    except IntegrityError as pending:
        raise HTTPException(409, "invitation_pending") from pending
    return invitation
