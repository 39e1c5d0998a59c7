"""Emails to members about their membership."""

from collections.abc import Sequence

from tenantry.authz.roles.model import Role
from tenantry.platform.mail.model import Branding, Links, Notification
from tenantry.tenancy.memberships.model import Membership, Person


def role_changed(
    links: Links, branding: Branding, present: Membership, changed: Membership, *, actor: str
) -> Notification:
    return Notification(
        recipients=[changed.user.email],
        name="role_changed",
        values={
            "name": changed.user.name,
            "actor": actor,
            "previous": present.role.name,
            "role": changed.role.name,
        },
        link=links.home,
        head=branding,
    )


def role_replaced(
    links: Links,
    branding: Branding,
    holders: Sequence[Person],
    *,
    role: Role,
    replacement: Role,
    actor: str,
) -> Notification:
    return Notification(
        recipients=[each.email for each in holders],
        name="role_replaced",
        values={"actor": actor, "previous": role.name, "role": replacement.name},
        link=links.home,
        head=branding,
    )


def removed(branding: Branding, person: Person) -> Notification:
    """Says that the membership has ended, but not who ended it."""
    return Notification([person.email], "removed", {"name": person.name}, branding)
