"""Walks of the machine, so many and so long, the same for the same seed."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.machine.machine import Machine
from tests.contracts.machine.world import World


def run(world: World, *, walks: int, length: int, seed: int) -> None:
    """Fails with the first walk that leads to a wrong answer, or to a broken invariant."""

    class InWorld(Machine):
        pass

    InWorld.world = world
    profile = settings(
        max_examples=walks,
        stateful_step_count=length,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(seeded(seed)(InWorld), settings=profile)
