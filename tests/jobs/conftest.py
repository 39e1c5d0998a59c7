"""What the worker works on: outboxes that nobody else empties, and a mail server."""

from tests.actions.mail.conftest import mail, office, room

__all__ = ["mail", "office", "room"]
