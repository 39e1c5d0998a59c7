"""Rate limits of requests, counted before or in the transaction of the limited operation."""

import hmac
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from tenantry.kit.refusals import Gone, NotFound
from tenantry.platform.rate_limits import rules, store
from tenantry.platform.rate_limits.model import Hit, RateLimited, Usage
from tenantry.platform.rate_limits.refusals import Refusals
from tenantry.platform.rate_limits.store import Advance, Count
from tenantry.postgres.connection import Result
from tenantry.postgres.database import Database
from tenantry.postgres.transaction import Tx

T = TypeVar("T")


class RateLimiters:
    """Creates the rate limiter of each request."""

    def __init__(self, secret_key: str, *, on: bool = True, rate_multiplier: int = 1) -> None:
        """Counts nothing if `on` is false; each limit is multiplied by `rate_multiplier`."""
        self.on = on
        self.multiplier = rate_multiplier
        self.refusals = Refusals()
        self._key = sha256(b"tenantry.platform.rate_limits.1\0" + secret_key.encode()).digest()

    def limiter_for(self, address: str) -> "RateLimiter":
        return RateLimiter(self, rules.network_of(address))

    def scaled(self, hit: Hit) -> Hit:
        """The same hit, with the limit that this service's multiplier gives."""
        if self.multiplier == 1:
            return hit
        most = hit.rate.most * self.multiplier
        return replace(hit, rate=replace(hit.rate, most=most))

    def key_of(self, hit: Hit) -> bytes:
        """The key of a count: without the secret key, no address can be read or guessed from it."""
        text = f"{hit.rate.name}\0{hit.subject}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")


class RateLimiter:
    """The rate limiter of one request; `usages` are the counts that its response may show."""

    def __init__(self, rate_limiters: RateLimiters, network: str) -> None:
        self.network = network
        self.usages: list[Usage] = []
        self._limiters = rate_limiters

    async def run_counted(
        self, database: Database, hits: Sequence[Hit], act: Callable[[Tx], Awaitable[T]]
    ) -> T:
        """Run an act in a transaction that counts in its first message; returns its result.

        RateLimited, with nothing counted. If the act raises an error, nothing is counted.
        """
        counted = self._by_key(hits)
        self._ensure_not_refused(counted)

        async def after(tx: Tx, results: list[Result]) -> T:
            self._read(counted, [count for result in results for count in result.rows])
            return await act(tx)

        first = [store.bound_count(self._advances(counted))] if counted else []
        return await database.run_after(first, after)

    async def hit_first(self, database: Database, hits: Sequence[Hit]) -> None:
        """Count in a separate transaction, before costly or revealing work. RateLimited."""
        if self._limiters.on:
            await self.run_counted(database, hits, _nothing_else)

    def ensure_not_refused(self, hits: Sequence[Hit]) -> None:
        """RateLimited if this process already knows that the limits are exceeded.

        It sends no query. For use cases that count at their end, before they begin.
        """
        if self._limiters.refusals.are_any:
            self._ensure_not_refused(self._by_key(hits))

    async def ensure_within(self, tx: Tx, hits: Sequence[Hit]) -> None:
        """RateLimited if the limits are exceeded now. It counts nothing and locks nothing.

        For use cases that do much work or wait for a lock before they count.
        """
        counted = self._by_key(hits)
        self._ensure_not_refused(counted)
        if counted:
            self._read(counted, await tx.rows(store.bound_peek(self._advances(counted))))
            self.usages = []

    async def exceeded(self, tx: Tx, hits: Mapping[str, Sequence[Hit]]) -> dict[str, RateLimited]:
        """Which of several groups of hits exceed their limits now; counts nothing."""
        counted = {name: self._by_key(each) for name, each in hits.items()}
        every = {key: hit for each in counted.values() for key, hit in each.items()}
        if not every:
            return {}
        counts = {
            count.key: count for count in await tx.rows(store.bound_peek(self._advances(every)))
        }
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
        """Count only if the block raises NotFound or Gone, as for an unknown or used token.

        So people who guess tokens do not exhaust the limit of a person with a valid one.
        RateLimited, instead of that error.
        """
        try:
            yield
        except (NotFound, Gone):
            await self.hit_first(database, hits)
            raise

    async def hit(self, tx: Tx, hits: Sequence[Hit]) -> None:
        """Count in the transaction; a rollback undoes the count. RateLimited.

        Call it once, at the end of a transaction, so that counts cannot deadlock.
        """
        counted = self._by_key(hits)
        if counted:
            self._read(counted, await tx.rows(store.bound_count(self._advances(counted))))

    def note(self, tx: Tx, hit: Hit) -> None:
        """Record an exemption for the seconds of its rate; see `Hit.unless`."""
        if self._limiters.on:
            store.note(tx, self._limiters.key_of(hit), hit.rate.seconds)

    def _by_key(self, hits: Sequence[Hit]) -> dict[bytes, Hit]:
        """The hits to count, by their keys; none if rate limits are off."""
        if not self._limiters.on:
            return {}
        return {
            self._limiters.key_of(each): self._limiters.scaled(each) for each in rules.merged(hits)
        }

    def _advances(self, counted: dict[bytes, Hit]) -> list[Advance]:
        key_of = self._limiters.key_of
        return [
            Advance(
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
            # An exemption may be recorded at any time.
            if usage.wait and not counted[key].unless:
                before = full_at - rules.moved_by(counted[key]) - now
                self._limiters.refusals.remember(key, before.total_seconds())
        rules.ensure_within(self.usages)

    def _ensure_not_refused(self, counted: dict[bytes, Hit]) -> None:
        if not self._limiters.refusals.are_any:
            return
        now = datetime.now(UTC)
        known = [
            rules.usage(hit, now + timedelta(seconds=seconds) + rules.moved_by(hit), now)
            for key, hit in counted.items()
            if (seconds := self._limiters.refusals.seconds(key))
        ]
        if any(usage.wait for usage in known):
            self.usages = known
            rules.ensure_within(known)


async def _nothing_else(_: Tx) -> None:
    return


async def sweep(tx: Tx, most: int) -> int:
    """Delete at most `most` empty counts; returns how many."""
    return await store.sweep(tx, most)
