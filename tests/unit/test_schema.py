"""library.db as a file: made, brought up to date, refused, set aside, and what its failures say."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from plexgap.domain.errors import StoreError
from plexgap.store import schema
from plexgap.store.database import Database
from tests.support import NOW


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def prepare(path: Path, migrations: Sequence[schema.Migration] = schema.MIGRATIONS) -> None:
    schema.prepare(connect, path, migrations)


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(connect(path)) as connection:
        return connection.execute(question).fetchall()


def test_a_new_file_is_private_and_written_ahead(tmp_path: Path) -> None:
    path = tmp_path / "data" / "library.db"
    prepare(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]
    assert ask(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    before = ask(path, "SELECT sql FROM sqlite_master ORDER BY name")
    prepare(path)
    assert ask(path, "SELECT sql FROM sqlite_master ORDER BY name") == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["library.db"]


@pytest.mark.parametrize("view", ["movies", "tv_shows", "seasons", "episodes"])
def test_the_views_that_people_expect_can_be_asked(tmp_path: Path, view: str) -> None:
    prepare(tmp_path / "library.db")
    with closing(connect(tmp_path / "library.db")) as connection:
        columns = [column[0] for column in connection.execute(f"SELECT * FROM {view}").description]
    assert {"ratingKey", "title", "library", "available", "lastSeen", "mediaHash"} <= set(columns)
    assert len(columns) == len(set(columns))


def test_an_older_file_is_backed_up_then_brought_forward(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    first, second = ("CREATE TABLE kept (value TEXT)",), ("ALTER TABLE kept ADD COLUMN more TEXT DEFAULT 'new'",)
    prepare(path, [first])
    with closing(connect(path)) as connection:
        connection.execute("INSERT INTO kept VALUES ('old')")
    prepare(path, [first, second])
    assert ask(path, "SELECT value, more FROM kept") == [("old", "new")]
    backup = tmp_path / "library.db.version-1"
    assert ask(backup, "SELECT * FROM kept") == [("old",)]
    assert ask(backup, "PRAGMA user_version") == [(1,)]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS)))
def test_every_older_version_becomes_what_a_new_file_is(tmp_path: Path, version: int) -> None:
    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    prepare(tmp_path / "old.db", schema.MIGRATIONS[:version])
    prepare(tmp_path / "old.db")
    prepare(tmp_path / "new.db")
    assert ask(tmp_path / "old.db", tables) == ask(tmp_path / "new.db", tables)


def test_a_migration_that_fails_leaves_the_older_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    first = ("CREATE TABLE kept (value TEXT)",)
    prepare(path, [first])
    with pytest.raises(sqlite3.OperationalError):
        prepare(path, [first, ("CREATE TABLE more (value TEXT)", "CREATE TABLE kept (value TEXT)")])
    assert ask(path, "SELECT name FROM sqlite_master") == [("kept",)]
    assert ask(path, "PRAGMA user_version") == [(1,)]


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        Database(path)
    assert "newer plexgap" in raised.value.advice
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (value TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        Database(path)
    assert "another program" in raised.value.advice
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_set_aside_with_what_stands_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"not a database at all " * 100)
    path.with_name("library.db-wal").write_bytes(b"its log")
    database = Database(path, NOW)
    try:
        assert database.set_aside == tmp_path / "library.db.broken-20261121T120000"
        assert database.set_aside.read_bytes().startswith(b"not a database")
        assert (tmp_path / "library.db-wal.broken-20261121T120000").read_bytes() == b"its log"
        with database.reading() as connection:
            assert connection.execute("SELECT revision FROM mirror").fetchall() == [(0,)]
    finally:
        database.close()


def test_a_cut_off_database_is_set_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    prepare(path)
    path.write_bytes(path.read_bytes()[:4096])
    database = Database(path, NOW)
    database.close()
    assert database.set_aside is not None
    assert ask(path, "SELECT revision FROM mirror") == [(0,)]


def test_a_place_that_cant_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "library.db", tmp_path):
        with pytest.raises(StoreError) as raised:
            Database(path)
        assert str(path) in raised.value.advice


_INSERT = "INSERT INTO run (mode, started_by, status, started_at) VALUES (?, '', 'ok', 1)"


def _database(path: Path) -> Database:
    database = Database(path)
    database.close()
    return database


def test_a_full_disk_is_told_and_nothing_half_written_stays(tmp_path: Path) -> None:
    database = _database(tmp_path / "library.db")

    def fill() -> None:
        with database.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
            for _ in range(100):
                connection.execute(_INSERT, ("x" * 4000,))

    with pytest.raises(StoreError) as raised:
        fill()
    assert "disk is full" in raised.value.advice
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (0,)
    database.close()


def test_a_write_to_what_may_only_be_read_is_told(tmp_path: Path) -> None:
    database = _database(tmp_path / "library.db")

    def write() -> None:
        with database.writing() as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute(_INSERT, ("full",))

    with pytest.raises(StoreError) as raised:
        write()
    assert "can't be written to" in raised.value.advice


def test_a_locked_file_is_told(tmp_path: Path) -> None:
    database = _database(tmp_path / "library.db")

    def write() -> None:
        with database.reading() as connection:
            connection.execute("COMMIT")
            connection.execute("PRAGMA busy_timeout = 1")
            connection.execute("BEGIN IMMEDIATE")

    with closing(connect(database.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError) as raised:
            write()
    assert "locked by another program" in raised.value.advice


def test_many_threads_read_and_write_with_few_connections(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.db")
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                with database.writing() as connection:
                    connection.execute("UPDATE mirror SET revision = revision + 1")
                with database.reading() as connection:
                    connection.execute("SELECT * FROM mirror").fetchall()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert failed == []
    assert ask(database.path, "SELECT revision FROM mirror") == [(120,)]
