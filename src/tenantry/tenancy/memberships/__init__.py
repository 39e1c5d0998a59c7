"""Memberships: a person in one organization, with one role."""
