"""What an account begins with, the tokens that its letters carry, and its refusals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tenantry.authz.authority import AccountUnverified
from tenantry.identity.sessions.model import Opened
from tenantry.identity.users.model import User
from tenantry.kit.refusals import Conflict, Forbidden, Gone, Invalid, Unauthenticated
from tenantry.tenancy.organizations.model import Organization
from tenantry.tenancy.workspaces.model import Workspace

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256


class Purpose(StrEnum):
    """What a letter's token is good for."""

    VERIFY_EMAIL = "verify_email"
    RECOVERY = "reset_password"


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.RECOVERY: timedelta(hours=1),
}


KEPT = timedelta(days=7)
"""How long a token is known after its time, so that its holder is told that it is spent."""


FIRST_PASSWORD_LIFETIME = timedelta(days=7)
"""How long the letter works by which the owner of a new organization chooses a first password."""


class BadCredentials(Unauthenticated):
    """The sign-in failed, whatever the cause: nobody learns whether the account exists."""

    code = "invalid_credentials"
    detail = "The e-mail address or the password is wrong."


class WrongPassword(Forbidden):
    """The present password that was given is not the right one."""

    code = "wrong_password"
    detail = "The current password is wrong."


class SignUpClosed(Forbidden):
    """This service does not let people sign up in this way."""

    code = "sign_up_closed"
    detail = "Signing up is not open here."


class EmailRequired(Forbidden):
    """An issuer's token names no e-mail address, without which there is no account."""

    code = "email_required"
    detail = "The token must have an e-mail address in its claim `email`."


class AccountExists(Conflict):
    """The address that an issuer's token names belongs to an account that it may not open."""

    code = "account_exists"
    detail = "There is an account with this e-mail address already. Sign in to it as before."


class PersonUnverified(AccountUnverified):
    """Somebody else may have signed up with the address."""

    detail = "This person has not confirmed their address yet."


class NoSuchUser(Invalid):
    """No account has the address that is named."""

    code = "user_unknown"

    def __init__(self) -> None:
        super().__init__("#/email", "No account has this address.")


class AccountDisabled(Conflict):
    """An operator has shut the account out."""

    code = "account_disabled"
    detail = "The account with this address is disabled; enable it first."


class WeakPassword(Invalid):
    """The password is too short, too long, or among the first that somebody would try."""

    code = "weak_password"


class TokenSpent(Gone):
    """The token was used before, or its time is over."""

    code = "token_spent"
    detail = "This token was used already, or has expired. Ask for a new one."


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a person gives to sign up. The password is hashed already."""

    email: str
    name: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class NewOwner:
    """For whom an operator makes an organization: perhaps somebody without an account."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A new person with what they begin with."""

    user: User
    organization: Organization
    workspace: Workspace
    session: Opened


@dataclass(frozen=True, slots=True)
class AccountToken:
    """A token of a letter, as the database knows it."""

    user_id: UUID
    purpose: str
    email: str
    expires_at: datetime
    used_at: datetime | None
