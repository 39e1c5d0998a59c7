"""What is written in one turn of the loop leaves as one packet; nothing is kept back for longer."""

import asyncio

import pytest

from tenantry.cli.gathering import Gathering


class Noting(asyncio.Transport):
    """A connection that notes each packet."""

    def __init__(self) -> None:
        super().__init__()
        self.packets = list[bytes]()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.packets.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@pytest.fixture
def wire() -> Noting:
    return Noting()


@pytest.fixture
async def gathering(wire: Noting) -> Gathering:
    return Gathering(wire, asyncio.get_running_loop())


async def test_a_head_and_its_body_leave_together(wire: Noting, gathering: Gathering) -> None:
    gathering.write(b"head ")
    gathering.write(b"body")
    assert wire.packets == []
    await asyncio.sleep(0)
    assert wire.packets == [b"head body"]


async def test_the_next_turn_writes_anew(wire: Noting, gathering: Gathering) -> None:
    for part in (b"one", b"two"):
        gathering.write(part)
        await asyncio.sleep(0)
    assert wire.packets == [b"one", b"two"]


async def test_many_parts_of_one_turn_do_not_pile_up(wire: Noting, gathering: Gathering) -> None:
    for _ in range(40):
        gathering.write(b"x" * 1_000)
    assert sum(map(len, wire.packets)) >= 32_000
    await asyncio.sleep(0)
    assert b"".join(wire.packets) == b"x" * 40_000


async def test_what_is_large_does_not_wait(wire: Noting, gathering: Gathering) -> None:
    gathering.write(b"head ")
    gathering.write(b"x" * 20_000)
    assert wire.packets == [b"head " + b"x" * 20_000]
    await asyncio.sleep(0)
    assert len(wire.packets) == 1


async def test_a_goodbye_leaves_before_the_hang_up(wire: Noting, gathering: Gathering) -> None:
    gathering.write(b"goodbye")
    gathering.close()
    assert wire.packets == [b"goodbye"]
    assert wire.closed
    await asyncio.sleep(0)
    assert wire.packets == [b"goodbye"]


async def test_nothing_is_written_to_who_has_gone(wire: Noting, gathering: Gathering) -> None:
    gathering.write(b"too late")
    wire.close()
    await asyncio.sleep(0)
    assert wire.packets == []
