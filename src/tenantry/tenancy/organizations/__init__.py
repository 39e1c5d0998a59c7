"""Organizations: the tenants. Each holds its own workspaces, roles, members and invitations."""
