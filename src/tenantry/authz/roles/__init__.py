"""Roles: named sets of permissions, of one organization each."""
