"""The emails about accounts."""

from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links, Notification


def verification(links: Links, user: User, token: Secret) -> Email:
    """Asks a person to confirm their address."""
    link = links.with_token(links.verify_email, token)
    return Email(user.email, "verification", {"name": user.name}, link)


def password_reset(links: Links, user: User, token: Secret) -> Email:
    """Lets a person choose a new password."""
    link = links.with_token(links.reset_password, token)
    return Email(user.email, "password_reset", {"name": user.name}, link)


def first_password(links: Links, user: User, token: Secret, organization: str) -> Email:
    """Tells the owner about their new organization, and lets them choose a first password."""
    link = links.with_token(links.reset_password, token)
    values = {"name": user.name, "organization": organization}
    return Email(user.email, "first_password", values, link)


def opened(links: Links, head: Branding, user: User) -> Notification:
    """Tells a person with an account about the organization that was created for them."""
    return Notification([user.email], "opened", {"name": user.name}, head, links.home)


def named_admin(links: Links, head: Branding, user: User) -> Notification:
    """Tells a person that an operator made them the Admin of an organization that had none."""
    return Notification([user.email], "named_admin", {"name": user.name}, head, links.home)
