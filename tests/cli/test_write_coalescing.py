"""What is written in one turn of the loop leaves as one packet; nothing is kept back for longer."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import cast

import pytest

from tenantry.cli.serving.write_coalescing import CoalescingTransport


class Recording(asyncio.Transport):
    """A connection that notes each packet."""

    def __init__(self) -> None:
        super().__init__()
        self.packets = list[bytes]()
        self.held = 0
        self.ended = self.closed = self.cut_off = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.packets.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.held

    def write_eof(self) -> None:
        self.ended = True

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.cut_off = self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@pytest.fixture
def wire() -> Recording:
    return Recording()


@pytest.fixture
async def gathering(wire: Recording) -> CoalescingTransport:
    return CoalescingTransport(wire, asyncio.get_running_loop())


async def test_a_head_and_its_body_leave_together(
    wire: Recording, gathering: CoalescingTransport
) -> None:
    gathering.write(b"head ")
    gathering.write(b"body")
    assert wire.packets == []
    await asyncio.sleep(0)
    assert wire.packets == [b"head body"]


async def test_the_next_turn_writes_anew(wire: Recording, gathering: CoalescingTransport) -> None:
    for part in (b"one", b"two"):
        gathering.write(part)
        await asyncio.sleep(0)
    assert wire.packets == [b"one", b"two"]


async def test_many_parts_of_one_turn_do_not_pile_up(
    wire: Recording, gathering: CoalescingTransport
) -> None:
    for _ in range(40):
        gathering.write(b"x" * 1_000)
    assert sum(map(len, wire.packets)) >= 32_000
    await asyncio.sleep(0)
    assert b"".join(wire.packets) == b"x" * 40_000


async def test_what_is_large_does_not_wait(wire: Recording, gathering: CoalescingTransport) -> None:
    gathering.write(b"head ")
    gathering.write(b"x" * 20_000)
    assert wire.packets == [b"head " + b"x" * 20_000]
    await asyncio.sleep(0)
    assert len(wire.packets) == 1


async def test_a_goodbye_leaves_before_the_hang_up(
    wire: Recording, gathering: CoalescingTransport
) -> None:
    gathering.write(b"goodbye")
    gathering.close()
    assert wire.packets == [b"goodbye"]
    assert wire.closed
    await asyncio.sleep(0)
    assert wire.packets == [b"goodbye"]


async def test_nothing_is_written_to_who_has_gone(
    wire: Recording, gathering: CoalescingTransport
) -> None:
    gathering.write(b"too late")
    wire.close()
    await asyncio.sleep(0)
    assert wire.packets == []


class Deadline:
    """The clock that a gathering sets: a loop whose later comes when a test says so."""

    def __init__(self) -> None:
        self.set = list[Callable[[], object]]()

    def call_soon(self, callback: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_soon(callback)

    def call_later(self, _: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        self.set.append(callback)
        return asyncio.get_running_loop().call_later(3600, callback)

    def pass_by(self) -> None:
        """Every clock that is set runs down."""
        due, self.set = self.set, []
        for callback in due:
            callback()


@pytest.fixture
async def deadline() -> Deadline:
    return Deadline()


@pytest.fixture
async def timed(wire: Recording, deadline: Deadline) -> AsyncGenerator[CoalescingTransport]:
    timed = CoalescingTransport(wire, cast(asyncio.AbstractEventLoop, deadline))
    yield timed
    timed.forget()


async def test_who_does_not_read_the_answer_is_cut_off(
    wire: Recording, timed: CoalescingTransport, deadline: Deadline
) -> None:
    timed.write(b"x" * 40_000)
    wire.held = 1
    deadline.pass_by()
    assert wire.cut_off


async def test_a_drop_now_and_then_does_not_stop_the_clock(
    wire: Recording, timed: CoalescingTransport, deadline: Deadline
) -> None:
    for part in range(3):
        timed.write(b"x" * 20_000)
        wire.held = 60_000 - 20_000 * part - 1
        assert len(deadline.set) == 1
    deadline.pass_by()
    assert not wire.cut_off  # the first answer was taken, and the others have a clock again
    deadline.pass_by()
    assert wire.cut_off


async def test_who_reads_is_left_alone_and_needs_no_clock(
    wire: Recording, timed: CoalescingTransport, deadline: Deadline
) -> None:
    timed.write(b"x" * 40_000)
    deadline.pass_by()
    assert (wire.cut_off, deadline.set) == (False, [])


async def test_a_connection_that_is_closed_does_not_hold_its_answer_for_ever(
    wire: Recording, timed: CoalescingTransport, deadline: Deadline
) -> None:
    timed.write(b"x" * 40_000)
    wire.held = 40_000
    timed.close()
    deadline.pass_by()
    assert wire.cut_off


async def test_a_refusal_can_be_read_before_the_hang_up(
    wire: Recording, timed: CoalescingTransport, deadline: Deadline
) -> None:
    timed.lingers = True
    timed.write(b"refused")
    timed.close()
    timed.close()
    assert (wire.packets, wire.ended, wire.closed) == ([b"refused"], True, False)
    assert timed.is_closing()
    timed.write(b"more")
    deadline.pass_by()
    assert wire.closed
    assert wire.packets == [b"refused"]
