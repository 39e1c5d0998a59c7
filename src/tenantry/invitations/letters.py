"""The wording of the letter that carries an invitation."""

from tenantry.invitations.model import Invitation
from tenantry.kit.secrets import Secret
from tenantry.mail.model import Letter, Links


def invitation(
    links: Links, invitation: Invitation, organization_name: str, message: str, token: Secret
) -> Letter:
    """Tells who invites where, and leads to the page on which to accept."""
    inviter = invitation.invited_by.name
    paragraphs = [
        f"{inviter} invites you to join {organization_name} as {invitation.role.name}.",
        f"The invitation is open until {invitation.expires_at:%d %B %Y, %H:%M} UTC.",
    ]
    if message:
        paragraphs.insert(1, f"{inviter} writes:\n{message}")
    return Letter(
        recipient=invitation.email,
        subject=f"{inviter} invites you to {organization_name}",
        paragraphs=paragraphs,
        button="See the invitation",
        link=links.with_token(links.invitation, token),
        note="If you do not know the sender, ignore this letter: nothing happens without the link.",
    )
