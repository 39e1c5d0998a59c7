"""Acts that run beside each other, so that what they ask travels in one message."""

from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from itertools import chain, islice
from typing import Any

from tenantry.postgres.connection import Answer
from tenantry.postgres.statement import Call

Ask = Callable[..., Awaitable[list[Answer]]]
Act = Coroutine[Any, Any, Any]


class Turn:
    """What an act asks next; it goes on once those beside it have asked as well."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self.calls = calls

    def __await__(self) -> Generator["Turn", list[Answer], list[Answer]]:
        """Hand the question to who runs the acts, and take its answers."""
        return (yield self)


async def run(acts: Sequence[Act], step: Callable[[Act, Any], Turn], ask: Ask) -> list[Any]:
    """What each act gives. `step` lets one go on to its next turn, `ask` sends what all have asked.

    The first to raise ends the others where they stand.
    """
    results: list[Any] = [None] * len(acts)
    answers: dict[int, list[Answer] | None] = dict.fromkeys(range(len(acts)))
    try:
        while answers:
            turns = dict[int, Turn]()
            for place, answer in answers.items():
                try:
                    turns[place] = step(acts[place], answer)
                except StopIteration as done:
                    results[place] = done.value
            calls = [*chain.from_iterable(turn.calls for turn in turns.values())]
            told = iter(await ask(*calls) if calls else ())
            answers = {place: [*islice(told, len(turn.calls))] for place, turn in turns.items()}
        return results
    finally:
        for act in acts:
            act.close()
