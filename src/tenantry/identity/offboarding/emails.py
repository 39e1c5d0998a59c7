"""What a letter tells who was removed."""

from tenantry.platform.mail.model import Branding, Notification
from tenantry.tenancy.memberships.model import Person


def removed(head: Branding, person: Person) -> Notification:
    """Tells that it is over, but not by whom: nobody shall have to answer for it in private."""
    return Notification([person.email], "removed", {"name": person.name}, head)
