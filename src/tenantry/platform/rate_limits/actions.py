"""Counting what requests do, before it is done or with it."""

import hmac
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tenantry.kit.refusals import Gone, NotFound
from tenantry.platform.rate_limits import rules, store
from tenantry.platform.rate_limits.model import Hit, RateLimited, Usage
from tenantry.platform.rate_limits.refusals import Refusals
from tenantry.platform.rate_limits.store import Count, Step
from tenantry.postgres.database import Database
from tenantry.postgres.retry import repeated
from tenantry.postgres.transaction import Tx


class RateLimiters:
    """Makes a meter for each request that is counted."""

    def __init__(self, secret_key: str, *, on: bool = True, rate_multiplier: int = 1) -> None:
        """Counts nothing where `on` is false; `generosity` times as much goes through."""
        self.on = on
        self.multiplier = rate_multiplier
        self.refusals = Refusals()
        self._key = sha256(b"tenantry.platform.rate_limits.1\0" + secret_key.encode()).digest()

    def limiter_for(self, address: str) -> "RateLimiter":
        """The meter of a request that comes from this address."""
        return RateLimiter(self, rules.network_of(address))

    def generous(self, hit: Hit) -> Hit:
        """The same, of which as much more goes through as this service lets."""
        if self.multiplier == 1:
            return hit
        most = hit.rate.most * self.multiplier
        return replace(hit, rate=replace(hit.rate, most=most))

    def key_of(self, hit: Hit) -> bytes:
        """What a count lies under: no address can be read, or tried out, without the secret key."""
        text = f"{hit.rate.name}\0{hit.subject}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


class RateLimiter:
    """Counts what one request does; `usages` is what its answer may tell of that."""

    def __init__(self, rate_limiters: RateLimiters, network: str) -> None:
        self.network = network
        self.usages: list[Usage] = []
        self._meters = rate_limiters

    @asynccontextmanager
    async def opening(self, database: Database, hits: Sequence[Hit]) -> AsyncGenerator[Tx]:
        """A transaction that counts in its first message, for acts that look before they try.

        RateLimited, and then nothing is counted. Whatever is refused later must not be raised
        inside it, or the count is undone.
        """
        counted = self._charged(hits)
        self._ensure_not_refused(counted)
        async with store.counting(database, self._steps(counted)) as (tx, counts):
            self._read(counted, counts)
            yield tx

    async def hit_first(self, database: Database, hits: Sequence[Hit]) -> None:
        """Count now and for good, before something dear or telling is tried. RateLimited."""
        if self._meters.on:
            await repeated(lambda: self._count(database, hits))

    async def _count(self, database: Database, hits: Sequence[Hit]) -> None:
        async with self.opening(database, hits):
            return

    def ensure_not_refused(self, hits: Sequence[Hit]) -> None:
        """RateLimited where it is known already that they are beyond their rates.

        It asks nothing: for acts that count at their end, before they begin.
        """
        if self._meters.refusals.are_any:
            self._ensure_not_refused(self._charged(hits))

    async def ensure_within(self, tx: Tx, hits: Sequence[Hit]) -> None:
        """RateLimited where they are beyond their rates now; counts nothing, and holds nothing.

        For acts that do much before they count, or wait for a lock.
        """
        counted = self._charged(hits)
        self._ensure_not_refused(counted)
        if counted:
            self._read(counted, await store.look(tx, self._steps(counted)))
            self.usages = []

    async def exceeded(self, tx: Tx, hits: Mapping[str, Sequence[Hit]]) -> dict[str, RateLimited]:
        """Which of several acts are beyond their rates now, each by itself; counts nothing."""
        counted = {name: self._charged(each) for name, each in hits.items()}
        every = {key: hit for each in counted.values() for key, hit in each.items()}
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
        self, database: Database, hits: Sequence[Hit]
    ) -> AsyncGenerator[None]:
        """Count what is refused inside since a token is unknown or spent, and that alone.

        So strangers who try tokens do not use up what somebody has who holds a good one.
        RateLimited, instead of the refusal.
        """
        try:
            yield
        except (NotFound, Gone):
            await self.hit_first(database, hits)
            raise

    async def hit(self, tx: Tx, hits: Sequence[Hit]) -> None:
        """Count with the act: kept with it, or gone with it. RateLimited.

        It comes last in a transaction, and once: so nobody waits for a count who holds one.
        """
        counted = self._charged(hits)
        if counted:
            self._read(counted, await store.count(tx, self._steps(counted)))

    def note(self, tx: Tx, hit: Hit) -> None:
        """Note that something stands, for as long as its rate says; for a charge's `unless`."""
        if self._meters.on:
            store.note(tx, self._meters.key_of(hit), hit.rate.seconds)

    def _charged(self, hits: Sequence[Hit]) -> dict[bytes, Hit]:
        """What is to be counted, by its key; nothing where rates are off."""
        if not self._meters.on:
            return {}
        return {
            self._meters.key_of(each): self._meters.generous(each) for each in rules.merged(hits)
        }

    def _steps(self, counted: dict[bytes, Hit]) -> list[Step]:
        key_of = self._meters.key_of
        return [
            Step(
                key,
                rules.moved_by(each).total_seconds(),
                [key_of(note) for note in each.unless],
            )
            for key, each in counted.items()
        ]

    def _read(self, counted: dict[bytes, Hit], counts: Sequence[Count]) -> None:
        if not counts:
            return
        self.usages = [rules.usage(counted[key], full_at, now) for key, full_at, now in counts]
        for usage, (key, full_at, now) in zip(self.usages, counts, strict=True):
            # What a charge is forgiven for may be noted at any time.
            if usage.wait and not counted[key].unless:
                before = full_at - rules.moved_by(counted[key]) - now
                self._meters.refusals.remember(key, before.total_seconds())
        rules.ensure_within(self.usages)

    def _ensure_not_refused(self, counted: dict[bytes, Hit]) -> None:
        if not self._meters.refusals.are_any:
            return
        now = datetime.now(UTC)
        known = [
            rules.usage(hit, now + timedelta(seconds=seconds) + rules.moved_by(hit), now)
            for key, hit in counted.items()
            if (seconds := self._meters.refusals.seconds(key))
        ]
        if any(usage.wait for usage in known):
            self.usages = known
            rules.ensure_within(known)


async def sweep(tx: Tx, most: int) -> int:
    """Delete counts of which nothing counts any more, so many at most; how many."""
    return await store.sweep(tx, most)
