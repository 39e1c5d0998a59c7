"""What letters tell a member of their role in a workspace."""

from tenantry.platform.mail.model import Letterhead, Links, Notice
from tenantry.tenancy.workspaces.model import WorkspaceMember


def added(
    links: Links, head: Letterhead, member: WorkspaceMember, *, workspace: str, actor: str
) -> Notice:
    """Tells who gave which role in which workspace."""
    return Notice(
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
    head: Letterhead,
    present: WorkspaceMember,
    changed: WorkspaceMember,
    *,
    workspace: str,
    actor: str,
) -> Notice:
    """Tells who gave which role there in place of which."""
    return Notice(
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
