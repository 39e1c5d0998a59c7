"""Which passwords are acceptable, which tokens are valid, and who may get an organization."""

from collections.abc import Sequence
from datetime import datetime
from unicodedata import normalize

from tenantry.authz.authority import AccountUnverified, Operator
from tenantry.credentials.tokens.external_identity import ExternalIdentity
from tenantry.identity.accounts import strength
from tenantry.identity.accounts.model import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    AccountDisabled,
    AccountExists,
    AccountToken,
    EmailRequired,
    NoSuchUser,
    PersonUnverified,
    TokenSpent,
    WeakPassword,
)
from tenantry.identity.operators.model import NamesSelf
from tenantry.identity.users.model import EmailTaken, User
from tenantry.kit.refusals import NotFound
from tenantry.tenancy.memberships.model import PersonalOrganization
from tenantry.tenancy.organizations.model import (
    PERSONAL,
    OperatedOrganization,
    OrganizationDeleted,
    OrganizationHasAdmin,
)

_LONGEST_SPELLING = 4 * LONGEST_PASSWORD
"""No character is composed of more than four. Normalizing blocks the whole process for a time that
grows with the square of the length: ten seconds for 80,000 marks."""


def normalized(password: str) -> str:
    """The form in which a password is stored, however a keyboard composes its characters.

    NFKC (Unicode Standard Annex 15), as NIST SP 800-63B, 3.1.1.2, recommends; unchanged if it is
    too long in any form.
    """
    return password if len(password) > _LONGEST_SPELLING else normalize("NFKC", password)


def spellings(password: str) -> Sequence[str]:
    """The forms in which a password may be stored, each once, the likeliest first: as given, and
    normalized; NFC too, since passwords were once stored without normalizing what keyboards sent.

    Only the given form if it is too long to be a password.
    """
    if len(password) > _LONGEST_SPELLING:
        return [password]
    return [*dict.fromkeys([password, normalized(password), normalize("NFC", password)])]


def ensure_acceptable_password(password: str, *, pointer: str, known: list[str]) -> None:
    """WeakPassword for a wrong length or an easily guessed password (NIST SP 800-63B, 3.1.1).

    `known` are words that are easy to guess for this person: their name, their address.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(
            pointer,
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; spaces are welcome.",
        )
    if strength.is_guessable(password, known):
        raise WeakPassword(
            pointer, "This password is easy to guess. Several unrelated words make a strong one."
        )


def ensure_usable(token: AccountToken | None, purpose: str, now: datetime) -> AccountToken:
    """The token, if it is valid for this purpose; NotFound or TokenSpent otherwise."""
    if token is None or token.purpose != purpose:
        raise NotFound
    if token.used_at is not None or token.expires_at <= now:
        raise TokenSpent
    return token


def email_of(subject: ExternalIdentity) -> str:
    """The address for a subject's new account. EmailRequired."""
    if subject.email is None:
        raise EmailRequired
    return subject.email


def ensure_linkable(user: User, subject: ExternalIdentity) -> None:
    """Refuse to link a subject to the account with the same address, unless both have proven it.

    AccountExists if the issuer does not say so, or is not trusted to; AccountUnverified if the
    account has not confirmed the address: a squatter must not get its owner to share the account.
    """
    if user.disabled_at is not None or not subject.email_is_proven:
        raise AccountExists
    if not user.email_verified:
        raise AccountUnverified(
            "The account with this address has not proven yet that it is its own."
        )


def ensure_may_be_named(operator: Operator, user: User | None) -> User:
    """The person, if an operator may make them the Admin of an organization that has none.

    NoSuchUser; NamesSelf for the operator; AccountDisabled; AccountUnverified, since someone else
    may have signed up with the address.
    """
    if user is None:
        raise NoSuchUser
    if user.id == operator.actor.id:
        raise NamesSelf
    if user.disabled_at is not None:
        raise AccountDisabled
    if not user.email_verified:
        raise PersonUnverified
    return user


def ensure_may_get_admin(organization: OperatedOrganization, *, has_admin: bool) -> None:
    """PersonalOrganization, OrganizationDeleted, OrganizationHasAdmin."""
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    if organization.deleted_at is not None:
        raise OrganizationDeleted
    if has_admin:
        raise OrganizationHasAdmin


def ensure_may_own(user: User | None) -> User:
    """The person, if an operator may give their account an organization.

    AccountUnverified, since someone else may have signed up with the address; AccountDisabled;
    EmailTaken if the account was deleted meanwhile.
    """
    if user is None:
        raise EmailTaken
    if user.disabled_at is not None:
        raise AccountDisabled
    if not user.email_verified:
        raise AccountUnverified("The owner has an account, and has not confirmed its address yet.")
    return user
