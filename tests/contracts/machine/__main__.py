"""`python -m tests.contracts.machine --steps N --seed S`: the long form of the machine."""

import argparse
import sys
import time
from itertools import count

from tests.contracts.machine.running import run
from tests.contracts.machine.world import World, world
from tests.support.postgres import TestPostgres
from tests.support.processes import open_folder

WALKS = 50
"""How many there are between one word of how far it is and the next."""


def main() -> None:
    """Walk until so many steps were made, and say on the way how each call was answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.machine")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with open_folder() as folder, open_folder() as mailbox:
        postgres = TestPostgres.start(folder)
        try:
            with world(postgres, mailbox) as made:
                began, walks = time.monotonic(), count()
                while made.steps < given.steps:
                    run(made, walks=WALKS, length=100, seed=given.seed * 1000 + next(walks))
                    _say(made, given.seed, time.monotonic() - began)
        finally:
            postgres.server.stop()


def _say(made: World, seed: int, took: float) -> None:
    refused = {code: number for code, number in made.said.most_common() if code}
    sys.stdout.write(
        f"seed {seed}: {made.steps} steps, {made.said.total()} calls as foretold in {took:.0f} s,"
        f" of which {made.said['']} were done; refused were {refused}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
