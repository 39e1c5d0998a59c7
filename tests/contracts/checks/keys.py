"""Keys by chance, in the tables and in the model: what each may do, and sees."""

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from tenantry.kit import bearer_keys
from tenantry.kit.ids import new_id
from tenantry.kit.secrets import Secret
from tests.contracts.checks.model import (
    Member,
    Model,
    Organization,
    Role,
    Workspace,
    counts_there,
    told,
)
from tests.contracts.checks.scenes import uuid

_ACCOUNT = """
    insert into service_accounts (org_id, id, name, role_id, workspace_id, created_at, updated_at)
    values (%(org)s, %(account)s, 'Robot', %(role)s, %(bound_to)s, now(), now())
"""
_OF_ACCOUNT = """
    insert into api_keys (org_id, id, name, service_account_id, hint, created_at, updated_at)
    values (%(org)s, %(key)s, 'Robot''s', %(account)s, 'tnt_sk_…', now(), now())
"""
_OWN = """
    insert into api_keys (org_id, id, name, membership_id, role_id, workspace_id, hint,
                          created_at, updated_at)
    values (%(org)s, %(key)s, 'Own', %(member)s, %(role)s, %(bound_to)s, 'tnt_sk_…', now(), now())
"""
_SECRET = """
    insert into api_key_secrets (digest, org_id, key_id, created_at)
    values (%(digest)s, %(org)s, %(key)s, now())
"""


@dataclass
class Key:
    """A key with a role: a member's own, or of a service account where there is no member."""

    secret: Secret
    org: Organization
    role: Role
    bound_to: Workspace | None
    member: Member | None

    def lives(self, model: Model) -> bool:
        """Whether it is let in at all."""
        active = self.member is None or model.active(self.org, self.member.user) is not None
        return self.org.live and active

    def sees(self, space: Workspace) -> bool:
        """Whether a workspace is there for it."""
        if self.bound_to is not None:
            return space is self.bound_to and (not self.member or self.member.sees(space))
        is_admin = {self.role.key, self.member.role.key if self.member else "admin"} == {"admin"}
        return is_admin or not space.private

    def enters(self, org_id: str, place: str | None) -> bool:
        """Whether it comes into an organization, or a workspace of it."""
        if org_id != self.org.id:
            return False
        if place is None:
            return self.bound_to is None
        space = self.org.workspaces.get(place)
        return space is not None and self.sees(space)

    def may(self, model: Model, place: str | None, permission: str) -> bool:
        """Whether it may do this where it has come in: as its role and its member both may."""
        space = self.org.workspaces.get(place or "")
        return (
            permission in self.role.permits
            and (self.bound_to is None or counts_there(permission))
            and (not self.member or bool(model.allowed_by(self.member, space, permission)))
        )

    def may_ask(self, model: Model, org_id: str, subject: str | None) -> bool:
        """False where it asks about others without being allowed to see them."""
        if subject is None or not self.enters(org_id, None):
            return True
        return self.may(model, None, "member:read")

    def decision(
        self, model: Model, org_id: str, place: str | None, subject: str | None, permission: str
    ) -> dict[str, Any]:
        """What a check answers, where it may ask; about itself where no one is named."""
        if subject is not None and self.enters(org_id, None):
            return model.decision_there(self.org, place, subject, permission, self.sees)
        if subject is not None or not self.enters(org_id, place):
            return told("membership", None)
        by = ["key"] if self.may(model, place, permission) else None
        return told(None if by else "permission", self.org.revision, by, role=self.role.shown)


def plant_keys(admin: psycopg.Connection[Any], model: Model, chance: random.Random) -> list[Key]:
    """Some keys of each organization."""
    return [_key(admin, org, chance) for org in model.organizations.values() for _ in range(12)]


def _key(admin: psycopg.Connection[Any], org: Organization, chance: random.Random) -> Key:
    role, secret = chance.choice(org.roles), bearer_keys.new_key(bearer_keys.API_KEY)
    bound_to = chance.choice([None, None, None, *org.workspaces.values()])
    member = chance.choice([None, *org.members.values()])
    names: dict[str, UUID | bytes | None] = {
        "org": uuid(org.id),
        "key": new_id(),
        "account": new_id(),
        "role": uuid(role.id),
        "member": uuid(member.id) if member else None,
        "bound_to": uuid(bound_to.id) if bound_to else None,
        "digest": secret.digest,
    }
    for statement in [*([_OWN] if member else [_ACCOUNT, _OF_ACCOUNT]), _SECRET]:
        admin.execute(statement.encode(), names)
    return Key(secret, org, role, bound_to, member)
