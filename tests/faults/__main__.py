"""`python -m tests.faults [NAME …]`: the long forms, whose figures stand in docs/reliability.md.

Without a name, all of them. Each says what was seen; it fails where the checker finds something.
"""

import os
import platform
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

import httpx2

from tests.cli.commands import Running
from tests.faults.environment import Stage, say, seconds_until, stage
from tests.faults.journal import Journal, Outcome
from tests.faults.kills import kill_under_load, terminate_under_load
from tests.faults.probes import Readings, probed
from tests.faults.slow_clients import slow_clients
from tests.support.cast import PASSWORD
from tests.support.processes import wait_for

KILLS, ENDINGS, SLOW, SIGN_INS = 50, 10, 300, 50


def away(made: Stage, service: Running, blow: str, seconds: float) -> None:
    """PostgreSQL is away for so long, under load."""
    strike, fix = {
        "shut down": (made.patient.shut_down, made.patient.start),
        "frozen": (made.patient.freeze, made.patient.thaw),
        "killed": (made.patient.kill, made.patient.start),
    }[blow]
    with made.calling(service.url):
        wait_for(lambda: made.journal.count(Outcome.ACKNOWLEDGED) > 20)
        strike()
        readings = probed(service.url, made.players[0].headers, seconds=seconds)
        fix()
        healed = seconds_until(lambda: service.is_ready)
        written = made.journal.count(Outcome.ACKNOWLEDGED)
        wait_for(lambda: made.journal.count(Outcome.ACKNOWLEDGED) > written + 20)
    say(f"PostgreSQL {blow} for {seconds:.0f} s; ready {healed:.2f} s after its return")
    tell(readings)
    slowest = max(each.seconds for each in made.journal.entries)
    say(f"  writers: {made.journal}; the slowest answer after {slowest:.2f} s")
    close(made, service)


def tell(readings: Readings) -> None:
    """What was answered meanwhile, path by path."""
    for path in ("/healthz", "/readyz", "/api/v1/me"):
        seconds, said = readings.seconds(path), sorted(readings.statuses(path))
        late = sum(each > 1 for each in seconds)
        when = sorted(each for each in readings.retry_after(path) if each) or "none"
        say(
            f"  {path}: {len(seconds)} answers, {said}, Retry-After {when}; the slowest after"
            f" {max(seconds):.2f} s, {late} after more than 1 s"
        )


def close(made: Stage, service: Running) -> None:
    """Repeat what is unknown, let all mail go, and let the checker look."""
    repeated = made.repeat_unknown(service.url)
    made.end_leases()
    made.deliver_all()
    found = made.findings(mail=True)
    say(f"  {repeated} calls repeated by their key; the checker found {len(found)}")
    for each in found:
        say(f"  ! {each}")
    made.journal = Journal()
    if found:
        sys.exit(1)


def kills(made: Stage) -> None:
    """The service is killed again and again in the middle of calls."""
    for _ in range(KILLS):
        kill_under_load(made, calls=40)
    say(f"killed {KILLS} times: {made.journal}")
    with made.serving() as service:
        close(made, service)


def endings(made: Stage) -> None:
    """SIGTERM, again and again, in the middle of calls."""
    for _ in range(ENDINGS):
        with made.serving(workers=2) as service:
            terminate_under_load(service, made, calls=40)
    silent, failed = made.journal.statuses[0], made.journal.statuses[503]
    cut = made.unanswered_and_there()
    say(f"SIGTERM {ENDINGS} times, two workers: {made.journal}")
    say(f"  {silent} unanswered, of which {len(cut)} had begun; {failed} answered 503")
    with made.serving() as service:
        close(made, service)


def slow(made: Stage, service: Running) -> None:
    """What hundreds of slow clients do to the others; rounds in turn, so that both see one load."""
    calm, disturbed = list[float](), list[float]()
    for _ in range(5):
        calm += probed_me(made, service)
        with slow_clients(service.port, SLOW):
            disturbed += probed_me(made, service)
    ratio = p95(disturbed) / p95(calm)
    say(f"{SLOW} slow clients: p95 of GET /api/v1/me {p95(disturbed) * 1e3:.1f} ms,")
    say(f"  undisturbed {p95(calm) * 1e3:.1f} ms, ratio {ratio:.2f} ({len(calm)} calls each)")


def probed_me(made: Stage, service: Running) -> list[float]:
    """How long so many calls took, one after the other."""
    return probed(
        service.url, made.players[0].headers, seconds=6, paths=["/api/v1/me"], pause=0.01
    ).seconds("/api/v1/me")


def sign_ins(made: Stage, service: Running) -> None:
    """Whether the process still answers while many sign in at once."""
    email = "sophie@example.com"
    body = {"email": email, "password": PASSWORD}
    httpx2.post(f"{service.url}/api/v1/auth/sign-up", json=body, timeout=60).raise_for_status()
    form = {"grant_type": "password", "username": email, "password": PASSWORD}

    def sign_in(_: int) -> int:
        return httpx2.post(f"{service.url}/api/v1/auth/token", data=form, timeout=120).status_code

    def health(seconds: float) -> list[float]:
        asked = probed(service.url, {}, seconds=seconds, paths=["/healthz"], pause=0.01)
        return asked.seconds("/healthz")

    calm = health(3)
    with ThreadPoolExecutor(SIGN_INS) as people:
        going = [people.submit(sign_in, number) for number in range(SIGN_INS)]
        busy = list[float]()
        while not all(each.done() for each in going):
            busy += health(0.2)
    statuses = {each.result() for each in going}
    say(f"{SIGN_INS} sign-ins at once, answered {sorted(statuses)}: p95 of /healthz meanwhile")
    say(f"  {p95(busy) * 1e3:.1f} ms ({len(busy)} calls), before {p95(calm) * 1e3:.1f} ms")


def p95(seconds: list[float]) -> float:
    """What nineteen of twenty do not exceed."""
    return quantiles(seconds, n=20)[-1]


def with_service(run: Callable[[Stage, Running], None]) -> Callable[[Stage], None]:
    """The same where the service runs."""

    def running(made: Stage) -> None:
        with made.serving() as service:
            run(made, service)

    return running


FORMS: dict[str, Callable[[Stage], None]] = {
    "stopped": with_service(lambda made, service: away(made, service, "shut down", 10)),
    "frozen": with_service(lambda made, service: away(made, service, "frozen", 10)),
    "killed": with_service(lambda made, service: away(made, service, "killed", 10)),
    "long": with_service(lambda made, service: away(made, service, "frozen", 60)),
    "kills": kills,
    "endings": endings,
    "slow": with_service(slow),
    "sign-ins": with_service(sign_ins),
}


def main(names: list[str]) -> None:
    """Run them one after the other, each on a stage of its own."""
    for name in names or FORMS:
        load = os.getloadavg()[0]
        say(f"{name}: Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}")
        with stage() as made:
            FORMS[name](made)


if __name__ == "__main__":
    main(sys.argv[1:])
