"""Permissions that the product declares for its own use."""
