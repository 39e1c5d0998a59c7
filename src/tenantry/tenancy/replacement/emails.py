"""The email to everyone whose role was replaced."""

from collections.abc import Sequence

from tenantry.authz.roles.model import Role
from tenantry.platform.mail.model import Branding, Links, Notification
from tenantry.tenancy.memberships.model import Person


def role_replaced(
    links: Links,
    head: Branding,
    holders: Sequence[Person],
    *,
    role: Role,
    replacement: Role,
    actor: str,
) -> Notification:
    """Someone deleted a role and replaced it everywhere."""
    return Notification(
        recipients=[each.email for each in holders],
        name="role_replaced",
        values={"actor": actor, "previous": role.name, "role": replacement.name},
        link=links.home,
        head=head,
    )
