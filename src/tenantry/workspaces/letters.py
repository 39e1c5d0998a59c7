"""What a letter tells who was put into a workspace."""

from tenantry.mail.model import Letter, Letterhead, Links
from tenantry.workspaces.model import WorkspaceMember


def added(
    links: Links, head: Letterhead, member: WorkspaceMember, *, workspace: str, actor: str
) -> Letter:
    """Tells who gave which role in which workspace."""
    return Letter(
        recipient=member.email,
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
