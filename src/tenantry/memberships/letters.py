"""What letters tell a member of their membership."""

from tenantry.mail.model import Letter, Letterhead, Links
from tenantry.memberships.model import Membership


def role_changed(
    links: Links, head: Letterhead, present: Membership, changed: Membership, *, actor: str
) -> Letter:
    """Tells who gave which role in place of which."""
    return Letter(
        recipient=changed.user.email,
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
