"""Tenantry: organizations, workspaces, roles, memberships and invitations for any product."""

__version__ = "0.2.0"
