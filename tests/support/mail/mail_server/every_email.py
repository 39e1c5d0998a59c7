"""Every email that a module writes, about people with given names."""

from datetime import UTC, datetime
from typing import Literal

from tenantry.authz.authority import RoleRef
from tenantry.authz.roles.model import Role
from tenantry.identity.accounts import emails as accounts
from tenantry.identity.users.model import User
from tenantry.kit.ids import Kind, new_id
from tenantry.kit.secrets import Secret
from tenantry.platform.audit.model import Target
from tenantry.platform.mail.model import Branding, Email, Links, Notification
from tenantry.tenancy.invitations import emails as invitations
from tenantry.tenancy.memberships import emails as memberships
from tenantry.tenancy.memberships.model import Membership, Person
from tenantry.tenancy.workspaces import emails as workspaces
from tenantry.tenancy.workspaces.model import WorkspaceMember, WorkspaceSeat

BASE = "https://tenantry.test"
LINKS = Links(f"{BASE}/verify", f"{BASE}/reset", f"{BASE}/invitation", f"{BASE}/")
NOW = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)
EMAIL = "nora@example.com"


def every_email(
    name: str = "Nora", message: str = "Hello there", *, locale: str = "en", links: Links = LINKS
) -> list[Email | Notification]:
    """One of each; whatever has a name has this one."""
    branding, token, role = Branding(new_id(), name, locale), Secret.new(), _role(name)
    user = User(new_id(), EMAIL, False, name, NOW, NOW)
    person = Person(user.id, EMAIL, name)
    member = Membership(new_id(), branding.org_id, person, role, "active", None, NOW, NOW)
    placed = WorkspaceMember(
        member.id, branding.org_id, new_id(), user.id, EMAIL, name, role, NOW, NOW
    )
    retired = Role(new_id(), branding.org_id, "some", name, "", [], False, NOW, NOW)
    return [
        accounts.verification(links, user, token),
        accounts.password_reset(links, user, token),
        accounts.first_password(links, user, token, name),
        _invitation("invitation", links, branding, name, message),
        _invitation("reminder", links, branding, name, message),
        memberships.role_changed(links, branding, member, member, actor=name),
        memberships.removed(branding, person),
        workspaces.role_given(links, branding, _seat(name, None), placed, actor=name),
        workspaces.role_given(links, branding, _seat(name, placed), placed, actor=name),
        memberships.role_replaced(
            links, branding, [person], role=retired, replacement=retired, actor=name
        ),
        accounts.opened(links, branding, user),
        accounts.named_admin(links, branding, user),
    ]


def _role(name: str) -> RoleRef:
    return RoleRef(new_id(), "viewer", name)


def _invitation(
    kind: Literal["invitation", "reminder"],
    links: Links,
    branding: Branding,
    name: str,
    message: str,
) -> Email:
    return invitations.invitation(
        kind,
        links,
        branding,
        EMAIL,
        inviter=name,
        role=name,
        until=NOW,
        message=message,
        token=Secret.new(),
    )


def _seat(name: str, present: WorkspaceMember | None) -> WorkspaceSeat:
    workspace = Target(Kind.WORKSPACE, new_id(), name)
    return WorkspaceSeat(workspace, False, new_id(), EMAIL, name, present, frozenset())
