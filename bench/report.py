"""Figures as Markdown tables: medians of rounds, and ratios round by round."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from statistics import median

from bench.wrk import CONNECTIONS, Figure

Figures = Mapping[tuple[str, str], Sequence[Figure]]
"""By workload and service; one figure a round."""

LIBRARIES = ["fastapi", "starlette", "uvicorn", "sqlalchemy", "asyncpg", "psycopg"]


def page(figures: Figures, *, date: str, postgres: str, rounds: int, seconds: float) -> str:
    """The whole report."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    disturbed = [figure.disturbed for series in figures.values() for figure in series]
    return "\n".join(
        [
            f"# {date}",
            "",
            f"{os.cpu_count()} cores, shared with wrk and PostgreSQL {postgres}; Python "
            f"{platform.python_version()}; {versions}. One worker each, {CONNECTIONS} connections, "
            f"{rounds} interleaved rounds of {seconds:g} s. Of the CPU, {median(disturbed):.0%} "
            f"went elsewhere in the median slice, {max(disturbed):.0%} in the worst. Every answer "
            "was 2xx. What is fair and what is not: ../README.md.",
            "",
            "Medians of rounds; CPU in milliseconds per request.",
            "",
            medians(figures),
            "",
            "Ratios of the same round, median (least-greatest). By rate: ours over the other's. By "
            "CPU: the other's service over ours, so above 1 ours is the cheaper.",
            "",
            ratios(figures),
            "",
        ]
    )


def medians(figures: Figures) -> str:
    """One line for each workload and service."""
    lines = [
        "| request | service | requests/s | p50 ms | p99 ms | CPU service | CPU PostgreSQL |",
        "|---|---|---|---|---|---|---|",
    ]
    for (workload, service), series in figures.items():
        rate, p50, p99, own, database, _ = (median(column) for column in zip(*series, strict=True))
        lines.append(
            f"| {workload} | {service} | {rate:,.0f} | {p50:.1f} | {p99:.1f} "
            f"| {own:.3f} | {database:.3f} |"
        )
    return "\n".join(lines)


def ratios(figures: Figures) -> str:
    """Ours against each peer that was measured with it."""
    peers = [peer for peer in dict.fromkeys(name for _, name in figures) if peer != "ours"]
    lines = [
        f"| request | {' | '.join(f'÷ {peer}, rate | ÷ {peer}, CPU' for peer in peers)} |",
        f"|---{'|---' * 2 * len(peers)}|",
    ]
    for workload in dict.fromkeys(workload for workload, _ in figures):
        cells = [
            _ratio(figures, workload, peer, compare)
            for peer in peers
            for compare in (_by_rate, _by_cpu)
        ]
        lines.append(f"| {workload} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _by_rate(ours: Figure, other: Figure) -> float:
    return ours.rate / other.rate


def _by_cpu(ours: Figure, other: Figure) -> float:
    return other.service / ours.service


def _ratio(
    figures: Figures, workload: str, peer: str, compare: Callable[[Figure, Figure], float]
) -> str:
    ours, theirs = figures.get((workload, "ours")), figures.get((workload, peer))
    if not ours or not theirs:
        return "-"
    values = [compare(*pair) for pair in zip(ours, theirs, strict=True)]
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"
