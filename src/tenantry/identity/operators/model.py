"""Operators, and what refuses to act on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.kit.refusals import Conflict


class OwnAccount(Conflict):
    code = "own_account"
    detail = "An operator cannot disable their own account; another one can."


class DeletesSelf(OwnAccount):
    detail = "Your own account is deleted by yourself, in your account's settings."


class NamesSelf(OwnAccount):
    detail = "Operators cannot name themselves: somebody else has to be the Admin."


class LastOperator(Conflict):
    code = "last_operator"
    detail = "You are the only operator: add another one by `tenantry operators add`, then go."


@dataclass(frozen=True, slots=True)
class ListedOperator:
    user_id: UUID
    email: str
    added_at: datetime
    disabled: bool
