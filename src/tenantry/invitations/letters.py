"""The wording of the letter that carries an invitation."""

from datetime import datetime

from tenantry.invitations.model import Invitation, Offered
from tenantry.kit.secrets import Secret
from tenantry.mail.model import Letter, Links


def invitation(
    links: Links, invitation: Invitation, organization_name: str, message: str, token: Secret
) -> Letter:
    """Tells who invites where, and leads to the page on which to accept."""
    inviter = invitation.invited_by.name
    return Letter(
        recipient=invitation.email,
        subject=f"{inviter} invites you to {organization_name}",
        paragraphs=_told(
            f"{inviter} invites you to join {organization_name} as {invitation.role.name}.",
            inviter,
            message,
            invitation.expires_at,
        ),
        button="See the invitation",
        link=links.with_token(links.invitation, token),
        note=_NOTE,
    )


def reminder(
    links: Links, offered: Offered, *, inviter: str, until: datetime, message: str, token: Secret
) -> Letter:
    """Tells once more, with a link that takes the place of the earlier one."""
    organization_name = offered.organization_name
    return Letter(
        recipient=offered.email,
        subject=f"Reminder: {inviter} invites you to {organization_name}",
        paragraphs=[
            *_told(
                f"{inviter} reminds you of the invitation to join {organization_name}"
                f" as {offered.role.name}.",
                inviter,
                message,
                until,
            ),
            "The link of the earlier letter does not work any more.",
        ],
        button="See the invitation",
        link=links.with_token(links.invitation, token),
        note=_NOTE,
    )


_NOTE = "If you do not know the sender, ignore this letter: nothing happens without the link."


def _told(what: str, inviter: str, message: str, until: datetime) -> list[str]:
    words = [f"{inviter} writes:\n{message}"] if message else []
    return [what, *words, f"The invitation is open until {until:%d %B %Y, %H:%M} UTC."]
