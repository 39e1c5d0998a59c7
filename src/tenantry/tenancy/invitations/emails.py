"""The email with an invitation, sent for the first time or again."""

from datetime import datetime
from typing import Literal

from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links


def invitation(
    name: Literal["invitation", "reminder"],
    links: Links,
    branding: Branding,
    recipient: str,
    *,
    inviter: str,
    role: str,
    until: datetime,
    message: str,
    token: Secret,
) -> Email:
    """The link leads to the page where it can be accepted; a reminder replaces earlier links."""
    return Email(
        recipient=recipient,
        name=name,
        values={"inviter": inviter, "role": role, "message": message, "until": until},
        link=links.with_token(links.invitation, token),
        head=branding,
    )
