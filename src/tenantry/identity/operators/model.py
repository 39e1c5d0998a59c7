"""Operators, and what refuses to act on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenantry.kit.refusals import Conflict


class OwnAccount(Conflict):
    code = "own_account"
    detail = "You cannot disable your own account. Ask another operator."


class DeletesSelf(OwnAccount):
    detail = "You cannot delete your own account here. Delete it in your account settings."


class NamesSelf(OwnAccount):
    detail = "Operators cannot make themselves an Admin. Choose someone else."


class LastOperator(Conflict):
    code = "last_operator"
    detail = "You are the only operator. Add another one with `tenantry operators add` first."


@dataclass(frozen=True, slots=True)
class ListedOperator:
    user_id: UUID
    email: str
    added_at: datetime
    disabled: bool
