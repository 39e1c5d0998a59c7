"""Ids and references that several resources share."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from tenantry.authz.authority import RoleRef
from tenantry.kit import bearer_keys
from tenantry.kit.ids import Kind, show
from tenantry.tenancy.memberships.model import WorkspaceGrant

UserIdText = Annotated[str, Field(pattern=Kind.USER.pattern)]
OrganizationIdText = Annotated[str, Field(pattern=Kind.ORGANIZATION.pattern)]
WorkspaceIdText = Annotated[str, Field(pattern=Kind.WORKSPACE.pattern)]
RoleIdText = Annotated[str, Field(pattern=Kind.ROLE.pattern)]
MembershipIdText = Annotated[str, Field(pattern=Kind.MEMBERSHIP.pattern)]
InvitationIdText = Annotated[str, Field(pattern=Kind.INVITATION.pattern)]
EventIdText = Annotated[str, Field(pattern=Kind.EVENT.pattern)]
SessionIdText = Annotated[str, Field(pattern=Kind.SESSION.pattern)]
ApiKeyIdText = Annotated[str, Field(pattern=Kind.API_KEY.pattern)]
ServiceAccountIdText = Annotated[str, Field(pattern=Kind.SERVICE_ACCOUNT.pattern)]
ServiceKeyIdText = Annotated[str, Field(pattern=Kind.SERVICE_KEY.pattern)]
EmailIdText = Annotated[str, Field(pattern=Kind.EMAIL.pattern)]
KeyText = Annotated[str, Field(pattern=f"^{bearer_keys.PATTERN[2:-2]}$")]


class RoleRefView(TypedDict):
    """A role, inside another resource."""

    id: RoleIdText
    key: str
    name: str


class WorkspaceGrantView(TypedDict):
    """A role in one workspace."""

    workspace_id: WorkspaceIdText
    role: RoleRefView


def role_ref(role: RoleRef) -> RoleRefView:
    return {"id": show(Kind.ROLE, role.id), "key": role.key, "name": role.name}


def workspace_grant(grant: WorkspaceGrant) -> WorkspaceGrantView:
    return {"workspace_id": show(Kind.WORKSPACE, grant.workspace_id), "role": role_ref(grant.role)}
