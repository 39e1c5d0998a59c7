"""Invitations: a seat with a role, offered to an email address."""
