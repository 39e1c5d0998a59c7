"""Organizations, workspaces, roles, memberships and invitations for any product."""
