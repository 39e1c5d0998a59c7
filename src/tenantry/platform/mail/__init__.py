"""Emails to send: they are queued with the transaction and delivered at least once."""
