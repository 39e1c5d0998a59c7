"""The email to a member who was removed."""

from tenantry.platform.mail.model import Branding, Notification
from tenantry.tenancy.memberships.model import Person


def removed(head: Branding, person: Person) -> Notification:
    """Says that the membership has ended, but not who ended it."""
    return Notification([person.email], "removed", {"name": person.name}, head)
