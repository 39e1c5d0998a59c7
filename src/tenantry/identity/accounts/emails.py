"""What letters about accounts tell."""

from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links, Notification


def verification(links: Links, user: User, token: Secret) -> Email:
    """Asks the person to confirm that the address is theirs."""
    link = links.with_token(links.verify_email, token)
    return Email(user.email, "verification", {"name": user.name}, link)


def password_reset(links: Links, user: User, token: Secret) -> Email:
    """Lets the person choose a new password."""
    link = links.with_token(links.reset_password, token)
    return Email(user.email, "password_reset", {"name": user.name}, link)


def first_password(links: Links, user: User, token: Secret, organization: str) -> Email:
    """Tells the owner of a new organization of it, and lets them choose their first password."""
    link = links.with_token(links.reset_password, token)
    values = {"name": user.name, "organization": organization}
    return Email(user.email, "first_password", values, link)


def opened(links: Links, head: Branding, user: User) -> Notification:
    """Tells somebody who has an account of the organization that was opened for them."""
    return Notification([user.email], "opened", {"name": user.name}, head, links.home)


def named_admin(links: Links, head: Branding, user: User) -> Notification:
    """Tells somebody whom an operator made the Admin of an organization that had none."""
    return Notification([user.email], "named_admin", {"name": user.name}, head, links.home)
