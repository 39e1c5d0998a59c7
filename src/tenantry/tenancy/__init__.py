"""Organizations, workspaces, memberships and invitations."""
