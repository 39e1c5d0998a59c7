"""Secrets by which programs act in one organization: members' own, and service accounts'."""
