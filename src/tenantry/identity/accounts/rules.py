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
"""No character is composed of more than four. To normalize takes time that grows with the square of
the length, and keeps the whole process from anything else: ten seconds for 80,000 marks."""


def normalized(password: str) -> str:
    """The one form in which a password is kept, however a keyboard composes its characters.

    NFKC (Unicode Standard Annex 15), as NIST SP 800-63B, 3.1.1.2, recommends; as it was given where
    it is too long in any form.
    """
    return password if len(password) > _LONGEST_SPELLING else normalize("NFKC", password)


def spellings(password: str) -> Sequence[str]:
    """The forms in which a password may have been kept, each once, the likeliest first; of one that
    is too long to be kept, the given one alone.

    As it was given, and normalized; and composed alone, as keyboards sent it before anything was
    normalized.
    """
    if len(password) > _LONGEST_SPELLING:
        return [password]
    return [*dict.fromkeys([password, normalized(password), normalize("NFC", password)])]


def ensure_acceptable_password(password: str, *, pointer: str, known: list[str]) -> None:
    """Refuse a password by its length, or since it would be guessed soon (NIST SP 800-63B, 3.1.1).

    `known` are words that somebody who knows the person would try: their name, their address.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(
            pointer,
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; spaces are welcome.",
        )
    if strength.is_guessable(password, known):
        raise WeakPassword(
            pointer, "This password would be guessed soon. Several unrelated words make a good one."
        )


def ensure_usable(token: AccountToken | None, purpose: str, now: datetime) -> AccountToken:
    """The token, where it is good for this purpose; NotFound or TokenSpent otherwise."""
    if token is None or token.purpose != purpose:
        raise NotFound
    if token.used_at is not None or token.expires_at <= now:
        raise TokenSpent
    return token


def email_of(subject: ExternalIdentity) -> str:
    """The address that a subject's account is opened with. EmailRequired."""
    if subject.email is None:
        raise EmailRequired
    return subject.email


def ensure_linkable(user: User, subject: ExternalIdentity) -> None:
    """Whether an account may be opened to a subject by their common address.

    AccountExists where the issuer does not say, or may not, that the address is the subject's;
    AccountUnverified where it is not proven to be the account's: whoever squats on an address must
    not let its owner in to share what is theirs.
    """
    if user.disabled_at is not None or not subject.email_is_proven:
        raise AccountExists
    if not user.email_verified:
        raise AccountUnverified(
            "The account with this address has not proven yet that it is its own."
        )


def may_be_named(operator: Operator, user: User | None) -> User:
    """The person, where an operator may make them the Admin of an organization that has none.

    NoSuchUser; NamesSelf where it is the operator: nobody lets themselves in; AccountDisabled;
    AccountUnverified where somebody else may have signed up with the address.
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


def may_be_given_an_admin(organization: OperatedOrganization, *, has_admin: bool) -> None:
    """Refuse what belongs to one person, what is deleted, and what can help itself."""
    if organization.kind == PERSONAL:
        raise PersonalOrganization
    if organization.deleted_at is not None:
        raise OrganizationDeleted
    if has_admin:
        raise OrganizationHasAdmin


def ensure_may_own(user: User | None) -> User:
    """The person, where an operator may give their account an organization.

    AccountUnverified where somebody else may have signed up with the address; AccountDisabled;
    EmailTaken where the account went the moment it was looked at.
    """
    if user is None:
        raise EmailTaken
    if user.disabled_at is not None:
        raise AccountDisabled
    if not user.email_verified:
        raise AccountUnverified("The owner has an account, and has not confirmed its address yet.")
    return user
