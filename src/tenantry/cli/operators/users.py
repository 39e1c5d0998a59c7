"""`tenantry users`: managing accounts."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from tenantry.authz.authority import Operator
from tenantry.cli.operators.operator_transaction import address_of, as_operator, reason_of
from tenantry.identity.accounts import operator_actions
from tenantry.identity.offboarding import delete_account as deletion
from tenantry.identity.users import actions as users
from tenantry.kit.refusals import NotFound
from tenantry.postgres.transaction import Tx
from tenantry.settings import Settings

Act = Callable[[Tx, Operator, UUID], Awaitable[object]]


def end_sessions(settings: Settings, email: str, *, by: str, reason: str) -> None:
    why = reason_of(reason)
    address = _act(settings, email, by, partial(operator_actions.end_sessions, reason=why))
    print(f"{address} is signed out everywhere.")


def disable(settings: Settings, email: str, *, by: str, reason: str, orphan: bool) -> None:
    why = reason_of(reason)
    address = _act(
        settings,
        email,
        by,
        partial(operator_actions.disable_user, reason=why, orphan_organizations=orphan),
    )
    print(f"{address} is disabled.")


def enable(settings: Settings, email: str, *, by: str, reason: str) -> None:
    why = reason_of(reason)
    address = _act(settings, email, by, partial(operator_actions.enable_user, reason=why))
    print(f"{address} is enabled.")


def delete(settings: Settings, email: str, *, by: str, reason: str, orphan: bool) -> None:
    why = reason_of(reason)

    async def deleted(tx: Tx, operator: Operator, user_id: UUID) -> None:
        await deletion.delete_user(
            tx, user_id, by=operator, reason=why, orphan_organizations=orphan
        )

    print(f"{_act(settings, email, by, deleted)} is deleted.")


def _act(settings: Settings, email: str, by: str, act: Act) -> str:
    address = address_of(email)

    async def acted(tx: Tx, operator: Operator) -> None:
        user = await users.find_by_email(tx, address)
        if user is None:
            raise NotFound
        await act(tx, operator, user.id)

    as_operator(settings, by, acted, missing=f"{address} has no account: check the address.")
    return address
