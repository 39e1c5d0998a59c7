"""Load ours and its peers in turn and write down what it cost: `python -m bench`.

PostgreSQL, the data and every service are started for this and gone afterwards. All services stand
side by side, and one at a time is loaded: ours, usual, limit, ours, usual, limit …
"""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import ours, report
from bench.postgres import Postgres
from bench.services import Service, start_limit, start_usual
from bench.tokens import Issuer
from bench.workloads import WORKLOADS, Workload, answered_by, probe, write_targets
from bench.wrk import Figure, calm_slice, one_slice

STARTERS: dict[str, Callable[[Postgres, Issuer], Service]] = {
    "ours": ours.start,
    "usual": start_usual,
    "limit": start_limit,
}
WARM_UP = 2.0
RESULTS = Path(__file__).with_name("results")

Slice = tuple[Workload, Service, Path]


def turns(services: list[Service], workloads: list[Workload], issuer: Issuer) -> list[Slice]:
    """Who is asked what, in the order of one round; each has been asked once and answered well."""
    folder = Path(tempfile.mkdtemp(prefix="tenantry-bench-targets-"))
    planned = []
    for workload in workloads:
        for service in services:
            if answered_by(service, workload):
                targets = write_targets(service, issuer, workload, folder)
                probe(service, workload, targets)
                planned.append((workload, service, targets))
    return planned


def measure(
    planned: list[Slice], server: Postgres, rounds: int, seconds: float
) -> dict[tuple[str, str], list[Figure]]:
    """Warm everything up, then go round and round."""
    for workload, service, targets in planned:
        one_slice(service, workload, targets, server, WARM_UP)
    figures: dict[tuple[str, str], list[Figure]] = {}
    for number in range(1, rounds + 1):
        for workload, service, targets in planned:
            figure = calm_slice(service, workload, targets, server, seconds)
            figures.setdefault((workload.name, service.name), []).append(figure)
            print(f"{number} {workload.name}, {service.name}: {figure.rate:,.0f}/s, "
                  f"{figure.service:.3f} + {figure.database:.3f} ms, "
                  f"{figure.disturbed:.0%} disturbed", flush=True)  # fmt: skip
    return figures


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a slice")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--services", nargs="+", choices=STARTERS, default=list(STARTERS))
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--only", default="", help="only requests with this in their name")
    parser.add_argument("--bindir", type=Path, help="the folder of PostgreSQL's programs")
    parser.add_argument("--out", type=Path, help="where to write; default: results/<date>.md")
    return parser.parse_args()


def main() -> None:
    """Start, measure, stop, report."""
    wanted, issuer = options(), Issuer.fresh()
    workloads = [workload for workload in WORKLOADS if wanted.only in workload.name]
    date = datetime.now(UTC).date().isoformat()
    with ExitStack() as stack:
        server = stack.enter_context(Postgres(wanted.bindir))
        services = []
        for name in wanted.services:
            services.append(STARTERS[name](server, issuer))
            stack.callback(services[-1].stop)
        if wanted.before:
            services.append(ours.start(server, issuer, "before", wanted.before.resolve()))
            stack.callback(services[-1].stop)
        planned = turns(services, workloads, issuer)
        figures = measure(planned, server, wanted.rounds, wanted.seconds)
        text = report.page(figures, date=date, postgres=server.version(),
                           rounds=wanted.rounds, seconds=wanted.seconds)  # fmt: skip
    print(text)
    out = wanted.out or RESULTS / f"{date}.md"
    out.parent.mkdir(exist_ok=True)
    out.write_text(text)


if __name__ == "__main__":
    main()
