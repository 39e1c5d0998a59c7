"""`python -m tests.promises.machine --steps N --seed S`: the long form of the machine."""

import argparse
import sys
import time
from itertools import count

from tests.postgres import TestPostgres
from tests.processes import open_folder
from tests.promises.machine.running import run
from tests.promises.machine.world import world

WALKS = 50
"""How many there are between one word of how far it is and the next."""


def main() -> None:
    """Walk until so many steps were made, and say how each call was answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises.machine")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with open_folder() as folder, open_folder() as mailbox:
        postgres = TestPostgres.start(folder)
        try:
            with world(postgres, mailbox) as made:
                began = time.monotonic()
                for nth in count():
                    run(made, walks=WALKS, length=100, seed=given.seed * 1000 + nth)
                    sys.stdout.write(f"{made.steps} steps, {made.said.total()} calls\n")
                    sys.stdout.flush()
                    if made.steps >= given.steps:
                        break
        finally:
            postgres.server.stop()
    took = time.monotonic() - began
    sys.stdout.write(
        f"seed {given.seed}: {made.steps} steps, {made.said.total()} calls as foretold in"
        f" {took:.0f} s, of which {made.said.pop('')} were done;"
        f" refused were {dict(made.said.most_common())}\n"
    )


if __name__ == "__main__":
    main()
