"""Roles and what they permit."""
