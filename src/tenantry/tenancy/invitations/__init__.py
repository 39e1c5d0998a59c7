"""Invitations: a seat with a role, offered to an e-mail address."""
