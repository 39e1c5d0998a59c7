"""Emails: queued in the transaction of their cause, and delivered at least once."""
