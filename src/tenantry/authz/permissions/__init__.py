"""Permissions: those that the product declares as its own, for roles to hold."""
