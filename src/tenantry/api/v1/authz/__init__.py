"""Roles, permissions and checks in the API."""
