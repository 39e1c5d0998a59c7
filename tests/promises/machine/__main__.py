"""`python -m tests.promises.machine --steps N --seed S`: the long form of the machine."""

import argparse
import sys
import time

from tests.postgres import TestPostgres
from tests.processes import open_folder
from tests.promises.machine.running import run
from tests.promises.machine.world import world


def main() -> None:
    """Walk until about so many calls were made, and say how many they were."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises.machine")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with open_folder() as folder, open_folder() as mailbox:
        postgres = TestPostgres.start(folder)
        try:
            with world(postgres, mailbox) as made:
                began = time.monotonic()
                run(made, walks=max(1, given.steps // 100), length=100, seed=given.seed)
        finally:
            postgres.server.stop()
    took = time.monotonic() - began
    sys.stdout.write(
        f"seed {given.seed}: {made.said.total()} calls as foretold in {took:.0f} s, of which"
        f" {made.said.pop('')} were done; refused were {dict(made.said.most_common())}\n"
    )


if __name__ == "__main__":
    main()
