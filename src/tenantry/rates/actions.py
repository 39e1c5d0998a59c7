"""Counting what requests do, before it is done or with it."""

import hmac
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256

from tenantry.database.pool import Database
from tenantry.database.retry import repeated
from tenantry.database.transaction import Tx
from tenantry.rates import rules, store
from tenantry.rates.model import Charge, Usage
from tenantry.rates.store import Count, Step


class Meters:
    """Makes a meter for each request that is counted."""

    def __init__(self, secret_key: str, *, on: bool = True, generosity: int = 1) -> None:
        """Counts nothing where `on` is false; `generosity` times as much goes through."""
        self.on = on
        self.generosity = generosity
        self._key = sha256(b"tenantry.rates.1\0" + secret_key.encode()).digest()

    def meter(self, address: str) -> "Meter":
        """The meter of a request that comes from this address."""
        return Meter(self, rules.network_of(address))

    def key_of(self, charge: Charge) -> bytes:
        """What a count lies under: no address can be read, or tried out, without the secret key."""
        text = f"{charge.rate.name}\0{charge.subject}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


class Meter:
    """Counts what one request does; `usages` is what its answer may tell of that."""

    def __init__(self, meters: Meters, network: str) -> None:
        self.network = network
        self.usages: list[Usage] = []
        self._meters = meters

    @asynccontextmanager
    async def opening(self, database: Database, charges: Sequence[Charge]) -> AsyncGenerator[Tx]:
        """A transaction that counts in its first message, for acts that look before they try.

        RateLimited, and then nothing is counted. Whatever is refused later must not be raised
        inside it, or the count is undone.
        """
        counted = self._charged(charges)
        async with store.counting(database, self._steps(counted)) as (tx, counts):
            self._read(counted, counts)
            yield tx

    async def count_first(self, database: Database, charges: Sequence[Charge]) -> None:
        """Count now and for good, before something dear or telling is tried. RateLimited."""
        if self._meters.on:
            await repeated(lambda: self._count(database, charges))

    async def _count(self, database: Database, charges: Sequence[Charge]) -> None:
        async with self.opening(database, charges):
            return

    async def count(self, tx: Tx, charges: Sequence[Charge]) -> None:
        """Count with the act: kept with it, or gone with it. RateLimited.

        It comes last in a transaction, and once: so nobody waits for a count who holds one.
        """
        counted = self._charged(charges)
        if counted:
            self._read(counted, await store.count(tx, self._steps(counted)))

    def note(self, tx: Tx, charge: Charge) -> None:
        """Note that something stands, for as long as its rate says; for a charge's `unless`."""
        if self._meters.on:
            store.note(tx, self._meters.key_of(charge), charge.rate.seconds)

    def _charged(self, charges: Sequence[Charge]) -> dict[bytes, Charge]:
        """What is to be counted, by its key; nothing where rates are off."""
        if not self._meters.on:
            return {}
        most = self._meters.generosity
        return {
            self._meters.key_of(each): replace(
                each, rate=replace(each.rate, most=each.rate.most * most)
            )
            for each in rules.merged(charges)
        }

    def _steps(self, counted: dict[bytes, Charge]) -> list[Step]:
        key_of = self._meters.key_of
        return [
            Step(
                key,
                each.times * rules.cost(each.rate),
                key_of(each.unless) if each.unless else None,
            )
            for key, each in counted.items()
        ]

    def _read(self, counted: dict[bytes, Charge], counts: Sequence[Count]) -> None:
        if counts:
            self.usages = [rules.usage(counted[key], full_at, now) for key, full_at, now in counts]
            rules.must_be_within(self.usages)


async def sweep(tx: Tx, most: int) -> int:
    """Delete counts of which nothing counts any more, so many at most; how many."""
    return await store.sweep(tx, most)
