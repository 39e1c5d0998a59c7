"""Workspaces: where the members of an organization work, each on something of its own."""
