"""Transactions in the name of an operator; errors say what to do."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenantry.authz.authority import Operator, OperatorRequired
from tenantry.cli.errors import CannotStart
from tenantry.cli.transactions import in_transaction
from tenantry.identity.operators import actions as operators
from tenantry.kit.refusals import Invalid, NotFound, Refusal
from tenantry.kit.text import email_address, is_line, is_visible
from tenantry.postgres.transaction import Tx
from tenantry.settings import Settings
from tenantry.tenancy.organizations.model import LeavesNoAdmin

T = TypeVar("T")

_LONGEST_REASON = 500


def as_operator(
    settings: Settings, by: str, act: Callable[[Tx, Operator], Awaitable[T]], *, missing: str
) -> T:
    """Run a use case as the operator `by`. CannotStart; with `missing` for NotFound."""
    address = address_of(by)

    async def acted(tx: Tx) -> T:
        return await act(tx, await operators.acting(tx, address))

    try:
        return in_transaction(settings, acted)
    except OperatorRequired:
        raise CannotStart(
            f"--as {address} is not an operator: see `tenantry operators list`."
        ) from None
    except NotFound:
        raise CannotStart(missing) from None
    except LeavesNoAdmin as refused:
        slugs = ", ".join(each["slug"] for each in refused.extra["organizations"])
        raise CannotStart(
            f"This person is the only Admin of {slugs}. Have another member made an Admin first, or"
            " add --orphan-organizations, and name an Admin afterwards."
        ) from None
    except Invalid as refused:
        raise CannotStart(" ".join(each["detail"] for each in refused.errors)) from None
    except Refusal as refused:
        raise CannotStart(str(refused)) from None


def address_of(email: str) -> str:
    address = email_address(email)
    if address is None:
        raise CannotStart("This is not an email address: use one such as olga@example.com.")
    return address


def reason_of(text: str) -> str:
    """The reason, as events keep it. CannotStart."""
    reason = text.strip()
    if not (len(reason) <= _LONGEST_REASON and is_line(reason) and is_visible(reason)):
        raise CannotStart(f"--reason takes one line of 1 to {_LONGEST_REASON} characters.")
    return reason
