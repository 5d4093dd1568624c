"""Connections and transactions of library.db, and what their errors mean to a person.

Changes when the way SQLite is used changes. No table is named here.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from plexgap.domain.errors import StoreError
from plexgap.store import schema
from plexgap.store.files import could_not, set_aside
from plexgap.store.locks import only_writer

log = logging.getLogger(__name__)

T = TypeVar("T")

_BUSY_TIMEOUT_S = 10.0
_ONE_QUESTION = 900
_HEADER = b"SQLite format 3\0"
_NO_DATABASE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_ADVICE = {
    sqlite3.SQLITE_FULL: "The disk is full: {name} can't be written. Free some space and check again.",
    sqlite3.SQLITE_READONLY: "{name} can't be written to. Check the permissions of {path} and of its folder.",
    sqlite3.SQLITE_BUSY: "{name} stays locked by another program. Close what has it open and try again.",
    sqlite3.SQLITE_LOCKED: "{name} stays locked by another program. Close what has it open and try again.",
    sqlite3.SQLITE_CANTOPEN: "{path} can't be opened. Check that the folder is there and may be written to.",
    sqlite3.SQLITE_PERM: "{path} can't be opened. Check its permissions.",
    sqlite3.SQLITE_IOERR: "The disk failed while {name} was read or written. Check it for free space and for faults.",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged. Move it away: it is read anew from Plex, nothing you decided is in it.",
    sqlite3.SQLITE_NOTADB: "{name} is damaged. Move it away: it is read anew from Plex, nothing you decided is in it.",
}


class Database:
    """A file of SQLite that several threads use: each takes a connection for the time it needs one.

    Opening brings the file to the present version. One that is no database is set aside, `set_aside` says where to,
    and an empty one takes its place. Every failure is a StoreError that names the file.
    """

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        self.path = path
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        with self._worded():
            self.set_aside = self._open(now or datetime.now(UTC))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the file from its first question to its last."""
        with self._worded(), self._connection() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of what is written inside, or nothing when an error leaves it.

        Whoever waits for one gets the next one, in this process or another: SQLite itself knows no queue, so that a
        scan that writes page after page would keep others waiting until they give up.
        """
        with self._worded(), self._connection() as connection, ExitStack() as held:
            with only_writer(self.path):
                held.enter_context(self._writing)
                held.enter_context(_transaction(connection, "BEGIN IMMEDIATE"))
            yield connection

    def close(self) -> None:
        """Close the connections that nobody uses at the moment. It may be used on; they are opened again."""
        with self._lock:
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._free.pop() if self._free else None
        if connection is None:
            connection = _connect(self.path)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._free.append(connection)

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            advice = _ADVICE.get(_code(error), "{name} can't be used ({error}).")
            raise StoreError(
                f"{self.path}: {error}", advice.format(name=self.path.name, path=self.path, error=error)
            ) from error
        except OSError as error:
            raise could_not("opened", self.path, error) from error

    def _open(self, now: datetime) -> Path | None:
        """Where a file went that is no database; None when there was none such."""
        if not _is_something_else(self.path):
            try:
                schema.prepare(_connect, self.path)
            except sqlite3.DatabaseError as error:
                if _code(error) not in _NO_DATABASE:
                    raise
            else:
                return None
        moved = self._move_away(now)
        schema.prepare(_connect, self.path)
        return moved

    def _move_away(self, now: datetime) -> Path:
        moved = set_aside(self.path, now)
        for ending in ("-wal", "-shm"):
            beside = self.path.with_name(self.path.name + ending)
            if beside.exists():
                set_aside(beside, now)
        log.warning("%s is no database; it now is %s", self.path, moved)
        return moved


def many(values: Sequence[object]) -> str:
    """Placeholders for that many values: "?,?,?"."""
    return ",".join("?" * len(values))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that fit one question (an old SQLite takes at most 999 of them)."""
    for start in range(0, len(values), _ONE_QUESTION):
        yield values[start : start + _ONE_QUESTION]


def insert(connection: sqlite3.Connection, into: str, rows: Sequence[Sequence[object]]) -> None:
    """Put rows of one width into `into`, a table or one with its columns: "part (item_id, file)".

    As many of them a statement as it takes values: one a statement costs twice the time.
    """
    if not rows:
        return
    row = f"({many(rows[0])})"
    most = _ONE_QUESTION // len(rows[0])
    for start in range(0, len(rows), most):
        some = rows[start : start + most]
        sql = f"INSERT INTO {into} VALUES {','.join([row] * len(some))}"  # noqa: S608 - only placeholders are put in
        connection.execute(sql, [*chain.from_iterable(some)])


def _is_something_else(path: Path) -> bool:
    """Plainly no database. Known before SQLite opens it, because it tidies up what stands beside the file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    return bool(start) and start != _HEADER


def _connect(path: Path) -> sqlite3.Connection:
    """Transactions are opened by hand; a connection moves between threads, but is in one at a time."""
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _code(error: sqlite3.Error) -> int:
    """The primary code of SQLite's (extended) result code; 0 for errors of the module itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
