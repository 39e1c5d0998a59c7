"""The usual service's bodies, as pydantic models read from attributes."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, EmailStr, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Slug = Annotated[str, StringConstraints(pattern="^[a-z0-9](-?[a-z0-9])*$", max_length=48)]
Extra = Annotated[
    dict[str, str],
    Field(validation_alias=AliasChoices("extra", "metadata"), serialization_alias="metadata"),
]
Item = TypeVar("Item")


class OrganizationCreate(BaseModel):
    """What makes an organization."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    slug: Slug


class InvitationCreate(BaseModel):
    """What makes an invitation."""

    model_config = ConfigDict(extra="forbid")
    email: EmailStr
    role: str = "viewer"


class View(BaseModel):
    """A body made from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID


class RoleRef(View):
    """A role inside another resource."""

    key: str
    name: str


class OrganizationView(View):
    """An organization, with the caller's role in it."""

    name: str
    slug: str
    kind: str
    locale: str
    extra: Extra
    default_workspace_id: UUID
    role: RoleRef | None = None
    created_at: datetime
    updated_at: datetime


class WorkspaceView(View):
    """A workspace."""

    organization_id: UUID
    name: str
    slug: str
    description: str
    is_default: bool
    visibility: str
    extra: Extra
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class RoleView(RoleRef):
    """A role with its permissions."""

    organization_id: UUID
    description: str
    permissions: list[str]
    is_default: bool
    created_at: datetime
    updated_at: datetime


class PersonRef(View):
    """A person inside another resource."""

    name: str


class InvitationView(View):
    """An invitation; its token is in the mail alone."""

    organization_id: UUID
    email: str
    role: RoleRef
    status: str
    invited_by: PersonRef = Field(validation_alias="inviter")
    expires_at: datetime
    created_at: datetime
    updated_at: datetime


class Listed(BaseModel, Generic[Item]):
    """A page of a list, and the id after which the next begins."""

    data: list[Item]
    after: UUID | None = None
