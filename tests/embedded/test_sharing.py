"""Several processes on one home share one server."""

import threading
from pathlib import Path

from tenantry.embedded.server import start
from tests.embedded.home_under_test import dsn_of, run, started
from tests.embedded.owners import Owner
from tests.support.processes import wait_for


def test_a_second_start_attaches_and_its_stop_stops_nothing(home: Path) -> None:
    with started(home) as first:
        second = start(home)
        assert (second.owned, second.version) == (False, first.version)
        assert dsn_of(second) == dsn_of(first)
        second.stop()
        assert run(dsn_of(first), "select 1") == [(1,)]


def test_the_exit_of_an_attached_process_stops_nothing(home: Path) -> None:
    with started(home) as server:
        with Owner(home) as other:
            assert other.report()["owned"] is False
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_two_starts_at_once_share_one_server(new_home: Path) -> None:
    with Owner(new_home) as one, Owner(new_home) as another:
        reports = [one.report(), another.report()]
        assert sorted(report["owned"] for report in reports) == [False, True]
        identities = [run(report["dsn"], "select pg_postmaster_start_time()") for report in reports]
        assert identities[0] == identities[1]


def test_a_start_while_the_owner_stops_becomes_the_owner(home: Path) -> None:
    first = start(home)
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    wait_for(lambda: not (home / "postgres/postmaster.pid").exists() or not stopping.is_alive())
    with started(home) as second:
        stopping.join()
        assert second.owned
        assert run(dsn_of(second), "select 1") == [(1,)]
