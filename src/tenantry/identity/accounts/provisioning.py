"""Operators create an organization for somebody, with an account for the owner if need be."""

from tenantry.authz.authority import Operator
from tenantry.identity.accounts import email_tokens, emails, rules
from tenantry.identity.accounts.model import FIRST_PASSWORD_LIFETIME, NewOwner, Purpose
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import EmailTaken, User
from tenantry.platform.audit import actions as events
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.model import Branding
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships.model import Person
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations.actions import CreatedOrganization, NewOrganization


async def provision_organization(
    tx: Tx, outbox: Outbox, operator: Operator, *, owner: NewOwner, draft: NewOrganization
) -> CreatedOrganization:
    """Create an organization whose Admin is its owner, and the owner's account if there is none.

    The owner gets an email: to choose a password for a new account, or about the organization.
    SlugTaken; AccountUnverified and AccountDisabled if the owner's account cannot be trusted.
    """
    known = await users.hold_by_email(tx, owner.email)
    opened = await _open_account(tx, operator, owner) if known is None else None
    user = opened or rules.ensure_may_own(known or await users.hold_by_email(tx, owner.email))
    created = await organizations.create_for(tx, operator, _person(user), draft)
    if opened is not None:
        _ask_for_password(tx, outbox, opened, draft)
    else:
        organization = created.organization
        head = Branding(organization.id, organization.name, organization.locale)
        outbox.notify(tx, emails.opened(outbox.links, head, user))
    return created


async def _open_account(tx: Tx, operator: Operator, owner: NewOwner) -> User | None:
    """A person without a password; None if the address got an account meanwhile."""
    try:
        user = await users.create(
            tx, email=owner.email, name=owner.name, password_hash=None, email_verified=False
        )
    except EmailTaken:
        return None
    events.record_of_account(tx, user.id, "user.created", [user.made()], by=operator)
    await organizations.create_personal_for(tx, operator, _person(user))
    return user


def _ask_for_password(tx: Tx, outbox: Outbox, user: User, draft: NewOrganization) -> None:
    token = email_tokens.issue(tx, user, Purpose.RECOVERY, lifetime=FIRST_PASSWORD_LIFETIME)
    outbox.enqueue(tx, emails.first_password(outbox.links, user, token, draft.name))


def _person(user: User) -> Person:
    return Person(user.id, user.email, user.name)
