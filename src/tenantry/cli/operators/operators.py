"""`tenantry operators`: the only way to add and remove operators."""

from tenantry.authz.authority import AccountUnverified
from tenantry.cli.errors import CannotStart
from tenantry.cli.operators.operator_transaction import address_of
from tenantry.cli.transactions import in_transaction
from tenantry.identity.operators import actions as operators
from tenantry.kit.refusals import NotFound
from tenantry.settings import Settings


def add(settings: Settings, email: str) -> None:
    """Make a user an operator, and print the result. CannotStart."""
    address = address_of(email)
    try:
        added = in_transaction(settings, lambda tx: operators.add(tx, address))
    except NotFound:
        raise CannotStart(
            f"{address} has no account, or a disabled one: let the user sign up first, or enable"
            " the account."
        ) from None
    except AccountUnverified:
        raise CannotStart(
            f"{address} is not verified yet: let the user open the link in the email that they"
            " received, then try again."
        ) from None
    print(f"{address} is an operator {'now' if added else 'already'}.")


def remove(settings: Settings, email: str) -> None:
    """Remove an operator, and print the result. CannotStart if they are not one."""
    address = address_of(email)
    try:
        in_transaction(settings, lambda tx: operators.remove(tx, address))
    except NotFound:
        raise CannotStart(f"{address} is not an operator: see `tenantry operators list`.") from None
    print(f"{address} is no longer an operator.")


def show(settings: Settings) -> None:
    """Print one line per operator: address, since when, and whether they are disabled."""
    for each in in_transaction(settings, operators.list_operators):
        since = each.added_at.strftime("%Y-%m-%d")
        print(f"{each.email}  since {since}{'  disabled' if each.disabled else ''}")
