"""Acts that run beside each other, so that what they ask travels in one message."""

from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from itertools import chain, islice
from typing import Any

from tenantry.postgres.connection import Result
from tenantry.postgres.statement import BoundStatement

Ask = Callable[..., Awaitable[list[Result]]]
Act = Coroutine[Any, Any, Any]


class Turn:
    """What an act asks next; it continues once the others of the batch have asked as well."""

    def __init__(self, statements: Sequence[BoundStatement]) -> None:
        self.calls = statements

    def __await__(self) -> Generator["Turn", list[Result], list[Result]]:
        """Hand the question to who runs the acts, and take its answers."""
        return (yield self)


async def run(acts: Sequence[Act], step: Callable[[Act, Any], Turn], ask: Ask) -> list[Any]:
    """What each act gives. `step` lets one go on to its next turn, `ask` sends what all have asked.

    The first to raise ends the others where they stand.
    """
    results: list[Any] = [None] * len(acts)
    answers: dict[int, list[Result] | None] = dict.fromkeys(range(len(acts)))
    try:
        while answers:
            turns = dict[int, Turn]()
            for place, result in answers.items():
                try:
                    turns[place] = step(acts[place], result)
                except StopIteration as done:
                    results[place] = done.value
            statements = [*chain.from_iterable(turn.calls for turn in turns.values())]
            told = iter(await ask(*statements) if statements else ())
            answers = {place: [*islice(told, len(turn.calls))] for place, turn in turns.items()}
        return results
    finally:
        for act in acts:
            act.close()
