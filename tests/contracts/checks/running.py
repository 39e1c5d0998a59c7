"""Scene after scene, asked by people, by the product, and by keys."""

import random
from collections import Counter

from tests.contracts.checks.by_keys import compare_keys
from tests.contracts.checks.comparing import Comparison
from tests.contracts.machine.world import World


def compare(world: World, *, comparisons: int, seed: int) -> Counter[str]:
    """Until so many answers were compared; the same for the same seed."""
    chance, counted = random.Random(seed), Counter[str]()
    while counted.total() - counted["allowed"] < comparisons:
        scene = Comparison(world, chance, counted)
        scene.run(batches=5)
        compare_keys(scene)
    return counted
