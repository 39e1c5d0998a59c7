"""Counting what requests do, before it is done or with it."""

import hmac
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tenantry.kit.refusals import Gone, NotFound
from tenantry.platform.rate_limits import rules, store
from tenantry.platform.rate_limits.model import Charge, RateLimited, Usage
from tenantry.platform.rate_limits.refusals import Refusals
from tenantry.platform.rate_limits.store import Count, Step
from tenantry.postgres.database import Database
from tenantry.postgres.retry import repeated
from tenantry.postgres.transaction import Tx


class Meters:
    """Makes a meter for each request that is counted."""

    def __init__(self, secret_key: str, *, on: bool = True, generosity: int = 1) -> None:
        """Counts nothing where `on` is false; `generosity` times as much goes through."""
        self.on = on
        self.generosity = generosity
        self.refusals = Refusals()
        self._key = sha256(b"tenantry.platform.rate_limits.1\0" + secret_key.encode()).digest()

    def meter(self, address: str) -> "Meter":
        """The meter of a request that comes from this address."""
        return Meter(self, rules.network_of(address))

    def generous(self, charge: Charge) -> Charge:
        """The same, of which as much more goes through as this service lets."""
        if self.generosity == 1:
            return charge
        most = charge.rate.most * self.generosity
        return replace(charge, rate=replace(charge.rate, most=most))

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
        self._ensure_not_refused(counted)
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

    def ensure_not_refused(self, charges: Sequence[Charge]) -> None:
        """RateLimited where it is known already that they are beyond their rates.

        It asks nothing: for acts that count at their end, before they begin.
        """
        if self._meters.refusals.are_any:
            self._ensure_not_refused(self._charged(charges))

    async def ensure_within(self, tx: Tx, charges: Sequence[Charge]) -> None:
        """RateLimited where they are beyond their rates now; counts nothing, and holds nothing.

        For acts that do much before they count, or wait for a lock.
        """
        counted = self._charged(charges)
        self._ensure_not_refused(counted)
        if counted:
            self._read(counted, await store.look(tx, self._steps(counted)))
            self.usages = []

    async def exceeded(
        self, tx: Tx, charges: Mapping[str, Sequence[Charge]]
    ) -> dict[str, RateLimited]:
        """Which of several acts are beyond their rates now, each by itself; counts nothing."""
        counted = {name: self._charged(each) for name, each in charges.items()}
        every = {key: charge for each in counted.values() for key, charge in each.items()}
        if not every:
            return {}
        counts = {count.key: count for count in await store.look(tx, self._steps(every))}
        refused = dict[str, RateLimited]()
        for name, each in counted.items():
            try:
                self._read(each, [counts[key] for key in each if key in counts])
            except RateLimited as limited:
                refused[name] = limited
        self.usages = []
        return refused

    @asynccontextmanager
    async def counting_misses(
        self, database: Database, charges: Sequence[Charge]
    ) -> AsyncGenerator[None]:
        """Count what is refused inside since a token is unknown or spent, and that alone.

        So strangers who try tokens do not use up what somebody has who holds a good one.
        RateLimited, instead of the refusal.
        """
        try:
            yield
        except (NotFound, Gone):
            await self.count_first(database, charges)
            raise

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
        return {
            self._meters.key_of(each): self._meters.generous(each) for each in rules.merged(charges)
        }

    def _steps(self, counted: dict[bytes, Charge]) -> list[Step]:
        key_of = self._meters.key_of
        return [
            Step(
                key,
                rules.moved_by(each).total_seconds(),
                [key_of(note) for note in each.unless],
            )
            for key, each in counted.items()
        ]

    def _read(self, counted: dict[bytes, Charge], counts: Sequence[Count]) -> None:
        if not counts:
            return
        self.usages = [rules.usage(counted[key], full_at, now) for key, full_at, now in counts]
        for usage, (key, full_at, now) in zip(self.usages, counts, strict=True):
            # What a charge is forgiven for may be noted at any time.
            if usage.wait and not counted[key].unless:
                before = full_at - rules.moved_by(counted[key]) - now
                self._meters.refusals.remember(key, before.total_seconds())
        rules.must_be_within(self.usages)

    def _ensure_not_refused(self, counted: dict[bytes, Charge]) -> None:
        if not self._meters.refusals.are_any:
            return
        now = datetime.now(UTC)
        known = [
            rules.usage(charge, now + timedelta(seconds=seconds) + rules.moved_by(charge), now)
            for key, charge in counted.items()
            if (seconds := self._meters.refusals.seconds(key))
        ]
        if any(usage.wait for usage in known):
            self.usages = known
            rules.must_be_within(known)


async def sweep(tx: Tx, most: int) -> int:
    """Delete counts of which nothing counts any more, so many at most; how many."""
    return await store.sweep(tx, most)
