"""What the worker works on: outboxes that nobody else empties, a mail server, and a scene."""

from tests.actions.mail.conftest import mail, office, room
from tests.console.conftest import scene

__all__ = ["mail", "office", "room", "scene"]
