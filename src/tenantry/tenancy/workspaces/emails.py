"""Emails to a member about their role in a workspace."""

from tenantry.platform.mail.model import Branding, Links, Notification
from tenantry.tenancy.workspaces.model import WorkspaceMember


def added(
    links: Links, head: Branding, member: WorkspaceMember, *, workspace: str, actor: str
) -> Notification:
    """Someone added the member to a workspace."""
    return Notification(
        recipients=[member.email],
        name="added",
        values={
            "name": member.name,
            "actor": actor,
            "workspace": workspace,
            "role": member.role.name,
        },
        link=links.home,
        head=head,
    )


def role_changed(
    links: Links,
    head: Branding,
    present: WorkspaceMember,
    changed: WorkspaceMember,
    *,
    workspace: str,
    actor: str,
) -> Notification:
    """Someone changed the member's role in a workspace."""
    return Notification(
        recipients=[changed.email],
        name="workspace_role_changed",
        values={
            "name": changed.name,
            "actor": actor,
            "workspace": workspace,
            "previous": present.role.name,
            "role": changed.role.name,
        },
        link=links.home,
        head=head,
    )
