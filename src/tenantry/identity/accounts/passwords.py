"""Hashing passwords: slow on purpose, so never on the event loop and never many at once."""

import copy
import os
from typing import Self

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tenantry.identity.accounts import rules
from tenantry.kit.bounded_executor import BoundedExecutor, Departure

MOST_WAITING = 64
"""How many callers may wait for a thread: about six seconds at a tenth of a second each."""


class Passwords:
    """Argon2id (RFC 9106) on threads, off the event loop.

    New passwords have a thread of their own: however many are chosen, and however long they take to
    rate, sign-ins do not wait for them.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        threads: int = max(1, (os.cpu_count() or 1) - 1),
        most_waiting: int = MOST_WAITING,
    ) -> None:
        # One lane: with several, their barriers spin for seconds where processors are busy.
        # 46 MiB and one pass is what OWASP's password storage cheat sheet puts first.
        self._hasher = hasher or PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
        self._checking = BoundedExecutor("passwords", threads=threads, waiting=most_waiting)
        self._choosing = BoundedExecutor("new-passwords", threads=1, waiting=most_waiting)
        self._departure: Departure | None = None
        # What a sign-in to an unknown account is checked against, so that it takes as long.
        self._dummy = self._hasher.hash("the password of no account")

    def close(self) -> None:
        self._checking.close()
        self._choosing.close()

    def until(self, departure: Departure) -> Self:
        """The same, for one caller: queued work is dropped once `departure` raises."""
        bound = copy.copy(self)
        bound._departure = departure
        return bound

    async def choose(self, password: str, *, pointer: str, known: list[str]) -> str:
        """The hash of a new password. WeakPassword, with `pointer`; Overloaded.

        `known` are words that are easy to guess for this person.
        """
        return await self._choosing.run(
            lambda: self._checked_hash(password, pointer, known), self._departure
        )

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password matches; takes as long if there is no hash. Overloaded."""
        return await self._checking.run(lambda: self._matches(stored, password), self._departure)

    def _checked_hash(self, password: str, pointer: str, known: list[str]) -> str:
        chosen = rules.normalized(password)
        rules.ensure_acceptable_password(chosen, pointer=pointer, known=known)
        return self._hasher.hash(_bytes(chosen))

    def _matches(self, stored: str | None, password: str) -> bool:
        spellings = rules.spellings(password)
        return any(self._verifies(stored, each) for each in spellings) and stored is not None

    def _verifies(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._dummy, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
