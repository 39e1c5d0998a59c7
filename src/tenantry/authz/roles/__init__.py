"""Roles: named sets of permissions in an organization."""
