"""Which rates each operation hits, and all the numbers. Reasons: docs/adr/0008-limits.md.

A `network` is the result of `rules.network_of`. Hits are the same whether or not an address, person
or organization exists, so that a refusal reveals nothing.
"""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from tenantry.authz.authority import Actor, Authority
from tenantry.platform.rate_limits.model import Hit, Rate

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

# Guessing passwords of one account from one network is limited tightly. The limit of the account
# alone is wide, so that an attacker cannot lock out its owner.
SIGN_IN = Rate("sign-in", 10, 15 * _MINUTE)
SIGN_IN_OF_NETWORK = Rate("sign-in-network", 200, 15 * _MINUTE)
SIGN_IN_TO_ACCOUNT = Rate("sign-in-account", 100, _HOUR, is_public=False)
SIGN_IN_OF_ALL = Rate("sign-in-all", 1200, _MINUTE, is_public=False)
# How long a person who signed in from a network is known there: attempts from elsewhere do not lock
# them out.
KNOWN = Rate("known", 1, 30 * _DAY, is_public=False)
# The same for an organization that people have joined by invitation, because its emails are wanted.
JOINED = Rate("joined", 1, 90 * _DAY, is_public=False)

SIGN_UP = Rate("sign-up", 30, _HOUR)
SIGN_UP_OF_ALL = Rate("sign-up-all", 1200, _MINUTE, is_public=False)
SIGN_UP_BY_INVITATION = Rate("sign-up-invitation", 10, _HOUR)

FORGOTTEN = Rate("password-forgot", 5, _HOUR)
FORGOTTEN_OF_NETWORK = Rate("password-forgot-network", 50, _HOUR)
FORGOTTEN_OF_ACCOUNT = Rate("password-forgot-account", 20, _DAY, is_public=False)
RESET = Rate("password-reset", 30, _HOUR)
RESET_OF_ACCOUNT = Rate("password-reset-account", 10, _HOUR)
CHANGE = Rate("password-change", 10, 15 * _MINUTE)
NAME_CHANGE = Rate("name-change", 30, _HOUR)
VERIFICATION = Rate("verify-email", 5, _HOUR)
VERIFICATION_OF_NETWORK = Rate("verify-email-network", 50, _HOUR)

INVITATION = Rate("invite", 300, _DAY)
INVITATION_UNVERIFIED = Rate("invite-unverified", 5, _DAY)
INVITATION_OF_ORGANIZATION = Rate("invite-organization", 500, _DAY)
INVITATION_OF_NETWORK = Rate("invite-network", 1000, _DAY)
INVITATION_TO_RECIPIENT = Rate("invite-recipient", 5, _DAY)
INVITATION_TO_ADDRESS_OF_NETWORK = Rate("invite-recipient-network", 10, _DAY, is_public=False)
INVITATION_TO_ADDRESS = Rate("invite-address", 100, _DAY, is_public=False)
PREVIEW = Rate("invitation-preview", 300, _HOUR)


def sign_in(network: str, email: str) -> list[Hit]:
    unless = (known(network, email),)
    return [
        Hit(SIGN_IN, f"{email} {network}"),
        Hit(SIGN_IN_OF_NETWORK, network),
        Hit(SIGN_IN_TO_ACCOUNT, email, unless=unless),
        Hit(SIGN_IN_OF_ALL, "", unless=unless),
    ]


def known(network: str, email: str) -> Hit:
    """Recorded when a person signs in, or verifies their address, from a network."""
    return Hit(KNOWN, f"{email} {network}")


def sign_up(network: str) -> list[Hit]:
    """Signing up without an invitation, or with a token that is not of an open invitation."""
    return [Hit(SIGN_UP, network), Hit(SIGN_UP_OF_ALL, "")]


def sign_up_by_invitation(invitation_id: UUID) -> list[Hit]:
    """Signing up by invitation; the number of invitations is limited itself."""
    return [Hit(SIGN_UP_BY_INVITATION, str(invitation_id))]


def forgotten_password(network: str, email: str) -> list[Hit]:
    unless = (known(network, email),)
    return [
        Hit(FORGOTTEN, f"{email} {network}"),
        Hit(FORGOTTEN_OF_NETWORK, network, unless=unless),
        Hit(FORGOTTEN_OF_ACCOUNT, email, unless=unless),
    ]


def unknown_reset(network: str) -> list[Hit]:
    """Trying a token that resets no password."""
    return [Hit(RESET, network)]


def password_reset(user_id: UUID) -> list[Hit]:
    return [Hit(RESET_OF_ACCOUNT, str(user_id))]


def password_change(user_id: UUID) -> list[Hit]:
    """Changing a password with the current one, which could be guessed."""
    return [Hit(CHANGE, str(user_id))]


def name_change(user_id: UUID) -> list[Hit]:
    """Changing a user's name, which records an event each time."""
    return [Hit(NAME_CHANGE, str(user_id))]


def verification(network: str, actor: Actor) -> list[Hit]:
    """Requesting another email to confirm an address."""
    unless = (known(network, actor.email),)
    return [
        Hit(VERIFICATION, str(actor.id)),
        Hit(VERIFICATION_OF_NETWORK, network, unless=unless),
    ]


def invitations(network: str, authority: Authority, recipients: Sequence[str]) -> list[Hit]:
    """Sending or resending invitation emails, one for each recipient."""
    return [
        *invitations_by(network, authority, len(recipients)),
        *chain.from_iterable(invitation_to(network, authority, each) for each in recipients),
    ]


def invitations_by(network: str, authority: Authority, times: int) -> list[Hit]:
    """The hits of `times` invitation emails, to any recipients."""
    inviter = authority.inviter
    by_whom = INVITATION if inviter.email_verified else INVITATION_UNVERIFIED
    return [
        Hit(by_whom, str(inviter.id), times),
        Hit(INVITATION_OF_ORGANIZATION, str(authority.org_id), times),
        Hit(INVITATION_OF_NETWORK, network, times, unless=(joined(authority.org_id),)),
    ]


def invitation_to(network: str, authority: Authority, email: str) -> list[Hit]:
    """The further hits of an invitation email, because of its recipient.

    Emails from strangers do not count against senders that the recipient may know: an organization
    that people have joined, or an inviter in a network from which the recipient signs in.
    """
    unless = joined(authority.org_id), known(network, email)
    return [
        Hit(INVITATION_TO_RECIPIENT, f"{email} {authority.org_id}"),
        Hit(INVITATION_TO_ADDRESS_OF_NETWORK, f"{email} {network}"),
        Hit(INVITATION_TO_ADDRESS, email, unless=unless),
    ]


def joined(org_id: UUID) -> Hit:
    """Recorded for an organization that a person joined by an invitation."""
    return Hit(JOINED, str(org_id))


def unknown_invitation(network: str) -> list[Hit]:
    """Previewing a token that is not of an open invitation."""
    return [Hit(PREVIEW, network)]
