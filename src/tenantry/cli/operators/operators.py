"""`tenantry operators`: who runs the service is decided here, beside it, and nowhere else."""

from tenantry.authz.authority import AccountUnverified
from tenantry.cli.refusals import CannotStart
from tenantry.cli.transactions import in_transaction
from tenantry.identity.operators import actions as operators
from tenantry.kit.refusals import NotFound
from tenantry.kit.text import email_address
from tenantry.settings import Settings


def add(settings: Settings, email: str) -> None:
    """Make a person an operator, and say so. CannotStart names what stands against it."""
    address = _address(email)
    try:
        added = in_transaction(settings, lambda tx: operators.add(tx, address))
    except NotFound:
        raise CannotStart(
            f"{address} has no account here, or a disabled one: let the person sign up first, or"
            " enable the account."
        ) from None
    except AccountUnverified:
        raise CannotStart(
            f"{address} is not proven yet: let the person open the link of the letter that they"
            " were sent, then do this again."
        ) from None
    print(f"{address} is an operator {'now' if added else 'already'}.")


def remove(settings: Settings, email: str) -> None:
    """Make an operator an ordinary person again, and say so. CannotStart where they are none."""
    address = _address(email)
    try:
        in_transaction(settings, lambda tx: operators.remove(tx, address))
    except NotFound:
        raise CannotStart(
            f"{address} is no operator: `tenantry operators list` shows who is."
        ) from None
    print(f"{address} is no operator any more.")


def show(settings: Settings) -> None:
    """Print every operator, one a line: address, since when, and whether they are disabled."""
    for each in in_transaction(settings, operators.list_operators):
        since = each.added_at.strftime("%Y-%m-%d")
        print(f"{each.email}  since {since}{'  disabled' if each.disabled else ''}")


def _address(email: str) -> str:
    address = email_address(email)
    if address is None:
        raise CannotStart("That is no e-mail address: write one such as olga@example.com.")
    return address
