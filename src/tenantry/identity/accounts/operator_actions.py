"""Operators create organizations for people, name Admins, and suspend accounts."""

from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.identity.accounts import email_tokens, emails, rules
from tenantry.identity.accounts.model import FIRST_PASSWORD_LIFETIME, NewOwner, Purpose
from tenantry.identity.operators import actions as operators
from tenantry.identity.sessions import actions as sessions
from tenantry.identity.users import actions as users
from tenantry.identity.users.model import EmailTaken, User
from tenantry.platform.audit import actions as events
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.platform.mail.model import Branding
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Person
from tenantry.tenancy.organizations import actions as organizations
from tenantry.tenancy.organizations import lifecycle, operator_views
from tenantry.tenancy.organizations.actions import CreatedOrganization, NewOrganization
from tenantry.tenancy.organizations.model import LeavesNoAdmin, OperatedOrganization


async def provision_organization(
    tx: Tx, outbox: Outbox, operator: Operator, *, owner: NewOwner, new: NewOrganization
) -> CreatedOrganization:
    """Create an organization whose Admin is its owner, and the owner's account if there is none.

    The owner gets an email: to choose a password for a new account, or about the organization.
    SlugTaken; AccountUnverified and AccountDisabled if the owner's account cannot be trusted.
    """
    user = await users.hold_by_email(tx, owner.email)
    opened = await _open_account(tx, operator, owner) if user is None else None
    user = opened or rules.ensure_may_own(user or await users.hold_by_email(tx, owner.email))
    created = await organizations.create_for(tx, operator, Person.of(user), new)
    if opened is not None:
        _ask_for_password(tx, outbox, opened, new)
    else:
        organization = created.organization
        branding = Branding(organization.id, organization.name, organization.locale)
        outbox.notify(tx, emails.opened(outbox.links, branding, user))
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
    await organizations.create_personal(tx, operator, Person.of(user))
    return user


def _ask_for_password(tx: Tx, outbox: Outbox, user: User, new: NewOrganization) -> None:
    token = email_tokens.issue(tx, user, Purpose.RECOVERY, lifetime=FIRST_PASSWORD_LIFETIME)
    outbox.enqueue(tx, emails.first_password(outbox.links, user, token, new.name))


async def name_admin(
    tx: Tx, outbox: Outbox, operator: Operator, org_id: UUID, *, email: str, reason: str
) -> OperatedOrganization:
    """Make a person the Admin of an organization whose own Admins have left or are disabled.

    They join, or get the role in their membership, and an email. Operators cannot name themselves,
    nor anyone while an Admin can sign in: so this gives operators no access.

    NotFound, NoSuchUser, AccountUnverified, AccountDisabled, OwnAccount; PersonalOrganization,
    OrganizationDeleted, OrganizationHasAdmin.
    """
    await operator_views.see(tx, org_id)  # an unknown organization is reported before a wrong name
    user = rules.ensure_may_be_named(operator, await users.hold_by_email(tx, email))
    organization = await operator_views.lock(tx, org_id)
    rules.ensure_may_get_admin(organization, has_admin=await memberships.has_admin(tx, org_id))
    membership, change = await memberships.make_admin(tx, org_id, Person.of(user))
    named = operator_views.note_admin(
        tx, operator, organization, membership.target(), change, reason=reason
    )
    outbox.notify(tx, emails.named_admin(outbox.links, await mail.branding_of(tx, org_id), user))
    return named


async def disable_user(
    tx: Tx, operator: Operator, user_id: UUID, *, reason: str, orphan_organizations: bool = False
) -> User:
    """Disable an account: every session ends, and the person cannot sign in.

    Nothing if it is disabled. NotFound, OwnAccount, OperatorRequired; LeavesNoAdmin if
    organizations would be left without an Admin, unless `orphan_organizations`.
    """
    operators.ensure_may_disable(operator, user_id)
    user = await users.lock(tx, user_id)
    # Locked in any case: an Admin who leaves meanwhile would count this person as another Admin.
    org_ids = await memberships.org_ids_of(tx, user.id)
    orphaned = await lifecycle.orphaned_without(tx, user.id, org_ids)
    if orphaned and not orphan_organizations:
        raise LeavesNoAdmin(orphaned)
    await operators.ensure_still_operator(tx, operator)
    sessions.end_others(tx, user.id, keep=None)
    if user.disabled_at is not None:
        return user
    return users.set_suspension(
        tx, operator, user, "user.disabled", disabled_at=tx.now, reason=reason
    )


async def enable_user(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Let a person sign in again; their old sessions stay ended. NotFound."""
    user = await users.lock(tx, user_id)
    if user.disabled_at is None:
        return user
    return users.set_suspension(tx, operator, user, "user.enabled", disabled_at=None, reason=reason)


async def end_sessions(tx: Tx, operator: Operator, user_id: UUID, *, reason: str) -> User:
    """Sign a person out everywhere; they may sign in again at once. NotFound.

    Earlier tokens of trusted issuers are refused as well. API keys keep working.
    """
    user = await users.lock(tx, user_id)
    sessions.end_others(tx, user.id, keep=None)
    return users.set_suspension(
        tx, operator, user, "user.signed_out", disabled_at=user.disabled_at, reason=reason
    )
