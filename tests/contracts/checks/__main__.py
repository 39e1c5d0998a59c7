"""`python -m tests.contracts.checks --comparisons N --seed S`: the long form of the comparison."""

import argparse
import sys
import time

from tests.contracts.checks.running import compare
from tests.contracts.machine.world import world
from tests.support.postgres import TestPostgres
from tests.support.processes import open_folder


def main() -> None:
    """Compare so many answers, and say how many of which kind they were."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.checks")
    parser.add_argument("--comparisons", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with open_folder() as folder, open_folder() as mailbox:
        postgres = TestPostgres.start(folder)
        try:
            with world(postgres, mailbox) as made:
                began = time.monotonic()
                counted = compare(made, comparisons=given.comparisons, seed=given.seed)
        finally:
            postgres.server.stop()
    took, allowed = time.monotonic() - began, counted.pop("allowed")
    sys.stdout.write(
        f"seed {given.seed}: {counted.total()} answers as the model says in {took:.0f} s, of the"
        f" batches {allowed} allowed; {dict(counted.most_common())}\n"
    )


if __name__ == "__main__":
    main()
