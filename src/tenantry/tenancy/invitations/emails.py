"""What the letters tell that carry an invitation."""

from datetime import datetime

from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Letter, Letterhead, Links
from tenantry.tenancy.invitations.model import Invitation, Offered


def invitation(
    links: Links, head: Letterhead, invitation: Invitation, *, message: str, token: Secret
) -> Letter:
    """Tells who invites where, and leads to the page on which to accept."""
    return Letter(
        recipient=invitation.email,
        name="invitation",
        values={
            "inviter": invitation.invited_by.name,
            "role": invitation.role.name,
            "message": message,
            "until": invitation.expires_at,
        },
        link=links.with_token(links.invitation, token),
        head=head,
    )


def reminder(
    links: Links,
    head: Letterhead,
    offered: Offered,
    *,
    inviter: str,
    until: datetime,
    message: str,
    token: Secret,
) -> Letter:
    """Tells once more, with a link that takes the place of the earlier one."""
    return Letter(
        recipient=offered.email,
        name="reminder",
        values={
            "inviter": inviter,
            "role": offered.role.name,
            "message": message,
            "until": until,
        },
        link=links.with_token(links.invitation, token),
        head=head,
    )
