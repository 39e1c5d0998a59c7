"""The usual service's tables, as SQLAlchemy's declarative models."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB, TEXT
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

LIFETIME = timedelta(days=7)


def now() -> datetime:
    """The time of a row, by the application's clock."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Maps Python's types to PostgreSQL's."""

    type_annotation_map = {  # noqa: RUF012
        datetime: DateTime(timezone=True),
        str: TEXT,
        bytes: BYTEA,
        dict[str, str]: JSONB,
        list[str]: ARRAY(TEXT),
    }


class Timed:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class User(Base):
    """A person."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Organization(Timed, Base):
    """A tenant."""

    __tablename__ = "organizations"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    slug: Mapped[str]
    kind: Mapped[str] = mapped_column(default="team")
    locale: Mapped[str] = mapped_column(default="en")
    extra: Mapped[dict[str, str]] = mapped_column("metadata", default=dict)
    default_workspace_id: Mapped[UUID]
    workspaces: Mapped[list["Workspace"]] = relationship()
    roles: Mapped[list["Role"]] = relationship()


class Workspace(Timed, Base):
    """A place to work inside an organization."""

    __tablename__ = "workspaces"
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(default="organization")
    extra: Mapped[dict[str, str]] = mapped_column("metadata", default=dict)
    archived_at: Mapped[datetime | None]


class Role(Timed, Base):
    """A named set of permissions."""

    __tablename__ = "roles"
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    key: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    permissions: Mapped[list[str]]
    is_default: Mapped[bool] = mapped_column(default=True)


def _of_one_organization() -> ForeignKeyConstraint:
    columns = ["roles.organization_id", "roles.id"]
    return ForeignKeyConstraint(["organization_id", "role_id"], columns)


class Membership(Timed, Base):
    """A person in one organization."""

    __tablename__ = "memberships"
    __table_args__: Any = (_of_one_organization(),)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default="active")
    organization: Mapped[Organization] = relationship()
    role: Mapped[Role] = relationship(overlaps="organization")


class Invitation(Timed, Base):
    """An offered seat."""

    __tablename__ = "invitations"
    __table_args__: Any = (_of_one_organization(),)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str]
    role_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default="pending")
    token_digest: Mapped[bytes]
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(default=lambda: now() + LIFETIME)
    role: Mapped[Role] = relationship()
    inviter: Mapped[User] = relationship()
