"""`tenantry dev` ends whole and comes back: with what was there, or from nothing if asked."""

import signal
from pathlib import Path

from tests.cli.commands import running, starting
from tests.cli.demo import Demo
from tests.support.processes import kill, pid_of, wait_for


def test_sigterm_stops_everything(stopped: Demo) -> None:
    assert stopped.has_ended_in_peace


def test_a_second_start_keeps_the_sign_in_and_the_data_and_ctrl_c_stops_it(home: Path) -> None:
    password = (home / "demo-password").read_text()
    with running("dev", settings={"TENANTRY_HOME": str(home)}) as started:
        demo = Demo(started, home)
        assert demo.told("Sign in").split() == ["demo@tenantry.test", password]
        assert demo.organizations == ["Dana", "Demo Company", "Lived In"]
        demo.end(signal.SIGINT)
        assert demo.has_ended_in_peace


def test_reset_starts_over(home: Path) -> None:
    email = home / "mailbox/20260101T000000.000000Z-old@example.com.eml"
    email.parent.mkdir(exist_ok=True)
    email.write_text("Subject: of before\n\n")
    with running("dev", "--reset", settings={"TENANTRY_HOME": str(home)}) as started:
        demo = Demo(started, home)
        assert demo.organizations == ["Dana", "Demo Company"]
        assert not email.exists()


def test_kill_9_leaves_no_postgresql_and_the_next_start_works(home: Path) -> None:
    with running("dev", settings={"TENANTRY_HOME": str(home)}) as started:
        demo = Demo(started, home)
        demo.end(signal.SIGKILL)
        wait_for(lambda: demo.has_left_nothing)
    with running("dev", settings={"TENANTRY_HOME": str(home)}) as started:
        assert "Lived In" in Demo(started, home).organizations


def test_kill_9_of_postgresql_alone_heals_by_itself(home: Path) -> None:
    with running("dev", settings={"TENANTRY_HOME": str(home)}) as started:
        demo = Demo(started, home)
        there, killed = demo.organizations, pid_of(home / "postgres")
        kill(killed)
        wait_for(lambda: started.is_ready)
        assert demo.organizations == there
        assert pid_of(home / "postgres") != killed
        demo.end(signal.SIGTERM)
        assert demo.has_left_nothing


def test_two_first_starts_at_once_serve_one_home(open_folder: Path) -> None:
    """Shown to fail without `keeping.alone`: the slower one died of roles and keys that the quicker
    one was just making."""
    home = open_folder / "home"
    settings = {"TENANTRY_HOME": str(home)}
    with starting("dev", settings=settings) as one, starting("dev", settings=settings) as another:
        demos = [Demo(each, home) for each in (one, another)]
        for demo in demos:
            wait_for(lambda demo=demo: demo.started.is_ready)
        assert demos[0].told("Sign in") == demos[1].told("Sign in")
        demos[0].found("Made At One")
        assert demos[1].organizations == ["Dana", "Demo Company", "Made At One"]
