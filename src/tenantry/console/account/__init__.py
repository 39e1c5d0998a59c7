"""The user's own account."""
