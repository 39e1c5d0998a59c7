"""`tenantry operators`: who runs the service is decided here, beside it, and nowhere else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TypeVar

from tenantry.access.authority import AccountUnverified
from tenantry.cli.demands import must_be_migrated
from tenantry.cli.provision import connections_of
from tenantry.cli.refusals import CannotStart
from tenantry.database.pool import Database
from tenantry.database.transaction import Tx
from tenantry.kit.refusals import NotFound
from tenantry.kit.text import email_address
from tenantry.operators import actions as operators
from tenantry.settings import Settings

T = TypeVar("T")


def add(settings: Settings, email: str) -> None:
    """Make a person an operator, and say so. CannotStart names what stands against it."""
    address = _address(email)
    try:
        added = _in_transaction(settings, lambda tx: operators.add(tx, address))
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
        _in_transaction(settings, lambda tx: operators.remove(tx, address))
    except NotFound:
        raise CannotStart(
            f"{address} is no operator: `tenantry operators list` shows who is."
        ) from None
    print(f"{address} is no operator any more.")


def show(settings: Settings) -> None:
    """Print every operator, one a line: address, since when, and whether they are disabled."""
    for each in _in_transaction(settings, operators.list_operators):
        since = each.added_at.strftime("%Y-%m-%d")
        print(f"{each.email}  since {since}{'  disabled' if each.disabled else ''}")


def _address(email: str) -> str:
    address = email_address(email)
    if address is None:
        raise CannotStart("That is no e-mail address: write one such as olga@example.com.")
    return address


def _in_transaction(settings: Settings, act: Callable[[Tx], Awaitable[T]]) -> T:
    """What one act gives, in the database that is set or the embedded one."""
    with ExitStack() as stack:
        url = connections_of(settings, stack).service
        must_be_migrated(url)
        return asyncio.run(_run(url, act))


async def _run(database_url: str, act: Callable[[Tx], Awaitable[T]]) -> T:
    database = Database(database_url, size=1, patience=10)
    try:
        async with database.transaction() as (tx, _):
            return await act(tx)
    finally:
        await database.close()
