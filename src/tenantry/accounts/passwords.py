"""Hashing passwords: slow on purpose, so never on the event loop and never many at once."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tenantry.accounts import rules

T = TypeVar("T")


class Passwords:
    """Argon2id (RFC 9106) on as many threads as there are processors to spare."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # One lane: with several, their barriers spin for seconds where processors are busy.
        # 46 MiB and one pass is what OWASP's password storage cheat sheet puts first.
        self._hasher = hasher or PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
        # The pool's size is the semaphore: who comes later waits in its queue.
        self._threads = ThreadPoolExecutor(
            max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="passwords"
        )
        # What an unknown account's sign-in is checked against, so that it takes as long.
        self._nobody = self._hasher.hash("nobody's password")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def choose(self, password: str, *, pointer: str, known: list[str]) -> str:
        """The hash of a password that somebody wants to have from now on. WeakPassword.

        `known` are words that those who know the person would try; `pointer` is for the refusal.
        """
        return await self._aside(lambda: self._judged_hash(password, pointer, known))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the right one; takes as long where there is none (`kept` is None)."""
        return await self._aside(lambda: self._matches(kept, password))

    async def _aside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _judged_hash(self, password: str, pointer: str, known: list[str]) -> str:
        rules.acceptable_password(password, pointer=pointer, known=known)
        return self._hasher.hash(_bytes(password))

    def _matches(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
