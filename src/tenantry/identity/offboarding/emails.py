"""What a letter tells who was removed."""

from tenantry.platform.mail.model import Letterhead, Notice
from tenantry.tenancy.memberships.model import Person


def removed(head: Letterhead, person: Person) -> Notice:
    """Tells that it is over, but not by whom: nobody shall have to answer for it in private."""
    return Notice([person.email], "removed", {"name": person.name}, head)
