"""Organizations, workspaces, members and invitations in the API."""
