"""Who can be an operator, and what operators may not do to themselves."""

from uuid import UUID

from tenantry.authz.authority import AccountUnverified, Operator
from tenantry.identity.operators.model import DeletesSelf, LastOperator, OwnAccount
from tenantry.identity.users.model import User
from tenantry.kit.refusals import NotFound


def ensure_may_be_operator(user: User | None) -> User:
    """The person, if their account can be trusted with the service.

    NotFound if there is none, or it is disabled; AccountUnverified, since someone else may have
    signed up with the address.
    """
    if user is None or user.disabled_at is not None:
        raise NotFound
    if not user.email_verified:
        raise AccountUnverified
    return user


def ensure_may_disable(operator: Operator, user_id: UUID) -> None:
    """OwnAccount if it is the operator's own: so one is always left who can undo it."""
    if operator.actor.id == user_id:
        raise OwnAccount


def ensure_may_delete(operator: Operator, user_id: UUID) -> None:
    """OwnAccount if it is the operator's own: people delete their own account as themselves."""
    if operator.actor.id == user_id:
        raise DeletesSelf


def ensure_not_last(others: int) -> None:
    """LastOperator if no `others` can run the service."""
    if others == 0:
        raise LastOperator
