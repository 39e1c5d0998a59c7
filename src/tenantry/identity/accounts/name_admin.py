"""Operators name an Admin for an organization that has none left."""

from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.identity.accounts import emails, rules
from tenantry.identity.users import actions as users
from tenantry.platform.mail import actions as mail
from tenantry.platform.mail.actions import Outbox
from tenantry.postgres.transaction import Tx
from tenantry.tenancy.memberships import actions as memberships
from tenantry.tenancy.memberships.model import Person
from tenantry.tenancy.organizations import operator_views
from tenantry.tenancy.organizations.model import OperatedOrganization


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
    person = Person(user.id, user.email, user.name)
    membership, change = await memberships.make_admin(tx, org_id, person)
    named = operator_views.note_admin(
        tx, operator, organization, membership.target(), change, reason=reason
    )
    outbox.notify(tx, emails.named_admin(outbox.links, await mail.branding_of(tx, org_id), user))
    return named
