"""The embedded PostgreSQL starts from nothing, serves its own people alone, and keeps its rows."""

from importlib.util import find_spec
from pathlib import Path

from tenantry.embedded.binaries import WHEELS
from tests.embedded.home_under_test import dsn_of, mode_of, run, started


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


def test_no_one_else_reaches_the_data_or_the_socket(home: Path) -> None:
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


def test_data_of_an_earlier_minor_release_are_kept(home: Path) -> None:
    other = find_spec(WHEELS[1])
    assert other is not None
    earlier = Path((other.submodule_search_locations or [""])[0], "pginstall18/bin")
    with started(home, bindir=earlier) as server:
        before = server.version
        run(dsn_of(server), "create table kept as select 'Ärger' as word")
        run(dsn_of(server), "create index on kept (lower(word))")
    with started(home) as server:
        assert server.version != before
        by_index = f"{dsn_of(server)} options='-c enable_seqscan=off'"
        assert run(by_index, "select word from kept where lower(word) = 'ärger'") == [("Ärger",)]


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
