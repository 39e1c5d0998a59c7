"""The emails about accounts."""

from tenantry.identity.users.model import User
from tenantry.kit.secrets import Secret
from tenantry.platform.mail.model import Branding, Email, Links, Notification


def verification(links: Links, user: User, token: Secret) -> Email:
    link = links.with_token(links.verify_email, token)
    return Email(user.email, "verification", {"name": user.name}, link)


def password_reset(links: Links, user: User, token: Secret) -> Email:
    link = links.with_token(links.reset_password, token)
    return Email(user.email, "password_reset", {"name": user.name}, link)


def first_password(links: Links, user: User, token: Secret, organization: str) -> Email:
    link = links.with_token(links.reset_password, token)
    values = {"name": user.name, "organization": organization}
    return Email(user.email, "first_password", values, link)


def opened(links: Links, branding: Branding, user: User) -> Notification:
    return Notification([user.email], "opened", {"name": user.name}, branding, links.home)


def named_admin(links: Links, branding: Branding, user: User) -> Notification:
    return Notification([user.email], "named_admin", {"name": user.name}, branding, links.home)
