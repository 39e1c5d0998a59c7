"""Measure the ways to carry row security: `python -m bench.arrangements`.

For each arrangement: calls a second, client CPU and PostgreSQL CPU per call in microseconds.
Rounds are interleaved, so a disturbance of the machine touches all arrangements alike; the share is
the median of the per-round ratios to the reference, with the least and the greatest.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import time
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import uvloop

from bench import calm, carriers, lines
from bench.carriers import Ask
from bench.postgres import Postgres

TASKS = 32
ATTEMPTS = 4
READS = {
    "a": (carriers.Separately, 5),
    "b": (carriers.BeginWithTenant, 4),
    "c": (carriers.Function, 1),
    "d": (carriers.Reference, 1),
    "e": (carriers.Ours, 1),
    "f": (carriers.PsycopgPipeline, 1),
    "c0": (lines.Function, 1),
    "d0": (lines.Reference, 1),
    "e0": (lines.Ours, 1),
}
WRITES = {
    "g1": (carriers.AsyncpgWrite, 4),
    "g2": (carriers.OursWrite, 3),
    "g3": (carriers.OursWriteLater, 2),
}


class Figure(NamedTuple):
    """One arrangement in one round."""

    rate: float
    client: float
    """Microseconds of this process's CPU per call."""
    server: float
    """Microseconds of PostgreSQL's CPU per call."""
    disturbed: float
    """Share of the wanted CPU that went elsewhere meanwhile."""


def id_of(kind: int, number: int) -> UUID:
    """The id that arrangements.sql gives to the same kind and number."""
    return UUID(int=(kind << 96) | number)


def member_asks(count: int = 20_000) -> list[Ask]:
    """Members who ask for a workspace of one of their five organizations, at random but fixed."""
    chance = random.Random(7)
    asks = []
    for _ in range(count):
        user = chance.randrange(10_000)
        org = (user + chance.randrange(5)) % 10_000
        workspace = org * 2 + chance.randrange(2)
        asks.append(Ask(id_of(1, user), id_of(2, user), id_of(3, org), id_of(6, workspace)))
    return asks


async def hammer(way: Any, asks: "itertools.cycle[Ask]", seconds: float) -> int:
    """Keep 32 tasks calling for a while; how many calls were answered."""
    done, end = 0, time.perf_counter() + seconds

    async def task() -> None:
        nonlocal done
        while time.perf_counter() < end:
            if await way.go(next(asks)) is None:
                raise SystemExit(f"{type(way).__name__} refused a member")
            done += 1

    await asyncio.gather(*(task() for _ in range(TASKS)))
    return max(done, 1)


def fresh() -> "itertools.cycle[Ask]":
    """Asks for writes: the workspace's id is a new one each time."""
    users = itertools.cycle(member_asks(2_000))
    return (ask._replace(workspace=UUID(bytes=random.randbytes(16))) for ask in users)  # type: ignore[return-value]


async def measure(way: Any, server: Postgres, seconds: float, *, writes: bool) -> Figure:
    """Open, warm up, check that a stranger gets nothing, measure, close."""
    await way.open(server.dsn(way.role))
    try:
        asks = fresh() if writes else itertools.cycle(member_asks())
        await hammer(way, asks, 0.5)
        stranger = next(asks)._replace(user=id_of(2, 10_001))
        if await way.go(stranger) is not None:
            raise SystemExit(f"{type(way).__name__} let a stranger in")
        figures = []
        for attempt in range(1, ATTEMPTS + 1):
            figures.append(await slice_of(way, asks, server, seconds))
            if figures[-1].disturbed <= calm.LIMIT:
                break
            calm.pause(attempt)
        return min(figures, key=lambda figure: figure.disturbed)
    finally:
        await way.close()


async def slice_of(
    way: Any, asks: "itertools.cycle[Ask]", server: Postgres, seconds: float
) -> Figure:
    """Measure once."""
    quiet, client, theirs = calm.Calm(), time.process_time(), server.cpu()
    start = time.perf_counter()
    done = await hammer(way, asks, seconds)
    took = time.perf_counter() - start
    client, theirs = time.process_time() - client, server.cpu() - theirs
    disturbed = quiet.disturbed(client + theirs)
    return Figure(done / took, client / done * 1e6, theirs / done * 1e6, disturbed)


async def rounds(
    ways: dict[str, tuple[type, int]], server: Postgres, count: int, seconds: float
) -> dict[str, list[Figure]]:
    """Every arrangement once a round."""
    figures: dict[str, list[Figure]] = {name: [] for name in ways}
    for _ in range(count):
        for name, (kind, _messages) in ways.items():
            writes = ways is WRITES
            figures[name].append(await measure(kind(), server, seconds, writes=writes))
    return figures


def table(
    ways: dict[str, tuple[type, int]], figures: dict[str, list[Figure]], reference: str
) -> str:
    """A Markdown table of medians; the share is of the reference's rate in the same round."""
    rows = [
        "| | arrangement | messages | calls/s | share (least-greatest) "
        "| client CPU µs (least) | PostgreSQL CPU µs | disturbed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, (kind, messages) in ways.items():
        rate, client, server, disturbed = (
            statistics.median(f) for f in zip(*figures[name], strict=True)
        )
        pairs = zip(figures[name], figures[reference], strict=True)
        shares = [mine.rate / its.rate for mine, its in pairs]
        share = f"{statistics.median(shares):.2f} ({min(shares):.2f}-{max(shares):.2f})"
        least = min(figure.client for figure in figures[name])
        promise = (kind.__doc__ or "").splitlines()[0].rstrip(".")
        rows.append(
            f"| {name} | {promise} | {messages} | {rate:,.0f} | {share} "
            f"| {client:.0f} ({least:.0f}) | {server:.0f} | {disturbed:.0%} |"
        )
    return "\n".join(rows)


def report(bindir: Path | None, count: int, seconds: float) -> str:
    """Both tables, for one version of PostgreSQL."""
    schema = Path(__file__).with_name("arrangements.sql").read_text()
    with Postgres(bindir) as server:
        server.run(schema)
        server.run("vacuum analyze")
        reads = uvloop.run(rounds(READS, server, count, seconds))
        writes = uvloop.run(rounds(WRITES, server, count, seconds))
        return "\n\n".join(
            [
                f"## PostgreSQL {server.version()}",
                f"Eight connections, {TASKS} tasks, uvloop; medians of {count} interleaved rounds "
                f"of {seconds:g} s.",
                "Read one workspace, with session, membership and permission:",
                table(READS, reads, "d"),
                "Write one workspace, whole transaction (share of g1):",
                table(WRITES, writes, "g1"),
            ]
        )


def main() -> None:
    """Print the tables; with --out also keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--bindir", type=Path, action="append", help="PostgreSQL's programs")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    reports = [report(b, options.rounds, options.seconds) for b in options.bindir or [None]]
    text = "# Ways to carry row security\n\n" + "\n\n".join(reports) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
