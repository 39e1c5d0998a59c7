"""Accounts, the tokens in emails to people, and what refuses to act on accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from tenantry.authz.authority import AccountUnverified
from tenantry.identity.sessions.model import Opened
from tenantry.identity.users.model import User
from tenantry.kit.refusals import Conflict, Forbidden, Gone, Invalid, Unauthenticated
from tenantry.tenancy.organizations.model import Organization
from tenantry.tenancy.workspaces.model import Workspace

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256


SignUpPolicy = Literal["open", "invite", "closed"]
"""Who may sign up: anyone, people with an invitation, or no one."""


class Purpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RECOVERY = "reset_password"


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.RECOVERY: timedelta(hours=1),
}

RETENTION = timedelta(days=7)
"""How long an expired token is kept, so that `TokenSpent` can still tell it from an unknown one."""

FIRST_PASSWORD_LIFETIME = timedelta(days=7)
"""How long the owner of a new organization has to choose a first password."""


class BadCredentials(Unauthenticated):
    """Sign-in failed. One error for every cause: it does not reveal whether the account exists."""

    code = "invalid_credentials"
    detail = "Wrong email address or password."


class WrongPassword(Forbidden):
    code = "wrong_password"
    detail = "The current password is wrong."


class PasswordChanged(Conflict):
    code = "password_changed"
    detail = "The password was changed in the meantime. Try again with the new one."


class SignUpClosed(Forbidden):
    code = "sign_up_closed"
    detail = "Sign-up is closed."


class EmailRequired(Forbidden):
    code = "email_required"
    detail = "The token must have an email address in its claim `email`."


class AccountExists(Conflict):
    """The address in an issuer's token has an account that this token may not be linked to."""

    code = "account_exists"
    detail = "This email address already has an account. Sign in as usual."


class PersonUnverified(AccountUnverified):
    """Someone else may have signed up with the address."""

    detail = "This person has not verified their email address yet."


class NoSuchUser(Invalid):
    code = "user_unknown"

    def __init__(self) -> None:
        super().__init__("#/email", "No account has this email address.")


class AccountDisabled(Conflict):
    code = "account_disabled"
    detail = "The account with this address is disabled. Enable it first."


class WeakPassword(Invalid):
    """The password is too short, too long, or easily guessed."""

    code = "weak_password"


class TokenSpent(Gone):
    code = "token_spent"
    detail = "This token has already been used or has expired. Request a new one."


@dataclass(frozen=True, slots=True)
class NewOwner:
    """The owner of an organization that an operator creates; perhaps without an account yet."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A new person, with their personal organization, its workspace and a first session."""

    user: User
    organization: Organization
    workspace: Workspace
    session: Opened


@dataclass(frozen=True, slots=True)
class AccountToken:
    user_id: UUID
    purpose: str
    email: str
    expires_at: datetime
    used_at: datetime | None
