"""The email to a member who was given a role in a workspace."""

from tenantry.platform.mail.model import Branding, Links, Notification
from tenantry.tenancy.workspaces.model import WorkspaceMember, WorkspaceSeat


def role_given(
    links: Links, branding: Branding, seat: WorkspaceSeat, member: WorkspaceMember, *, actor: str
) -> Notification:
    """Says which role the member has now, and which one they had before, if any."""
    values = {
        "name": member.name,
        "actor": actor,
        "workspace": seat.workspace.name,
        "role": member.role.name,
    }
    if seat.present is None:
        return Notification([member.email], "added", values, branding, links.home)
    values["previous"] = seat.present.role.name
    return Notification([member.email], "workspace_role_changed", values, branding, links.home)
