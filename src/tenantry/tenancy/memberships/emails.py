"""Emails to a member about their membership."""

from tenantry.platform.mail.model import Branding, Links, Notification
from tenantry.tenancy.memberships.model import Membership


def role_changed(
    links: Links, head: Branding, present: Membership, changed: Membership, *, actor: str
) -> Notification:
    """Someone changed the member's role."""
    return Notification(
        recipients=[changed.user.email],
        name="role_changed",
        values={
            "name": changed.user.name,
            "actor": actor,
            "previous": present.role.name,
            "role": changed.role.name,
        },
        link=links.home,
        head=head,
    )
