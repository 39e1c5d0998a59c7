"""Every email that a room writes, about people with names that are given."""

from datetime import UTC, datetime

from tenantry.authz.authority import RoleRef
from tenantry.authz.roles.model import Role
from tenantry.identity.accounts import emails as accounts
from tenantry.identity.offboarding import emails as offboarding
from tenantry.identity.users.model import User
from tenantry.kit.ids import new_id
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links, Notification
from tenantry.tenancy.invitations import emails as invitations
from tenantry.tenancy.invitations.model import Invitation, Inviter, Offered
from tenantry.tenancy.memberships import emails as memberships
from tenantry.tenancy.memberships.model import Membership, Person
from tenantry.tenancy.replacement import emails as replacements
from tenantry.tenancy.workspaces import emails as workspaces
from tenantry.tenancy.workspaces.model import WorkspaceMember

BASE = "https://tenantry.test"
LINKS = Links(f"{BASE}/verify", f"{BASE}/reset", f"{BASE}/invitation", f"{BASE}/")
NOW = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)
EMAIL = "nora@example.com"


def every_email(
    name: str = "Nora", message: str = "Hello there", *, locale: str = "en", links: Links = LINKS
) -> list[Email | Notification]:
    """One of each; whatever has a name has this one."""
    head, token, role = Branding(new_id(), name, locale), Secret.new(), _role(name)
    user = User(new_id(), EMAIL, False, name, NOW, NOW)
    person = Person(user.id, EMAIL, name)
    invitation = Invitation(
        new_id(), head.org_id, EMAIL, role, "pending", Inviter(new_id(), name), NOW, "queued",
        NOW, NOW,
    )  # fmt: skip
    offered = Offered(
        invitation.id, head.org_id, name, EMAIL, "pending", NOW, role, frozenset(),
        invitation.invited_by, frozenset(), None, None, message,
    )  # fmt: skip
    member = Membership(new_id(), head.org_id, person, role, "active", None, NOW, NOW)
    placed = WorkspaceMember(member.id, head.org_id, new_id(), user.id, EMAIL, name, role, NOW, NOW)
    retired = Role(new_id(), head.org_id, "some", name, "", [], False, NOW, NOW)
    return [
        accounts.verification(links, user, token),
        accounts.password_reset(links, user, token),
        accounts.first_password(links, user, token, name),
        invitations.invitation(links, head, invitation, message=message, token=token),
        invitations.reminder(
            links, head, offered, inviter=name, until=NOW, message=message, token=token
        ),
        memberships.role_changed(links, head, member, member, actor=name),
        offboarding.removed(head, person),
        workspaces.added(links, head, placed, workspace=name, actor=name),
        workspaces.role_changed(links, head, placed, placed, workspace=name, actor=name),
        replacements.role_replaced(
            links, head, [person], role=retired, replacement=retired, actor=name
        ),
        accounts.opened(links, head, user),
        accounts.named_admin(links, head, user),
    ]


def _role(name: str) -> RoleRef:
    return RoleRef(new_id(), "viewer", name)
