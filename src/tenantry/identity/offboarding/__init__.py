"""Offboarding: removing members, deleting accounts, and taking accounts back."""
