"""Emails that carry an invitation."""

from datetime import datetime

from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links
from tenantry.tenancy.invitations.model import Invitation, Offered


def invitation(
    links: Links, head: Branding, invitation: Invitation, *, message: str, token: Secret
) -> Email:
    """The invitation, with a link to the page where it can be accepted."""
    return Email(
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
    head: Branding,
    offered: Offered,
    *,
    inviter: str,
    until: datetime,
    message: str,
    token: Secret,
) -> Email:
    """The invitation again, with a link that replaces the earlier one."""
    return Email(
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
