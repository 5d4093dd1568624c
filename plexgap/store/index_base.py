"""What every part of the mirror stands on: its file, its transactions, and which server and section are meant.

Changes when the way of asking and writing changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from plexgap.domain.errors import StoreError
from plexgap.store.checks import Raw
from plexgap.store.database import Database
from plexgap.store.held import KnownShows


class IndexBase:
    """Opens the file, makes it or brings it up to date."""

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        """`now` names a file that must be set aside."""
        self._database = Database(path, now)
        self._checks: Mapping[str, Raw] = {}
        self._shows: KnownShows = {}

    @property
    def set_aside(self) -> Path | None:
        """Where a file went that was no database; the mirror is empty then."""
        return self._database.set_aside

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._database.writing() as connection:
            yield connection
            grow(connection)

    @contextmanager
    def _asking(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A connection and the present server; before the first one was saved, a number that no server has."""
        with self._database.reading() as connection:
            yield connection, _current_server(connection) or 0

    def _server(self, connection: sqlite3.Connection) -> int:
        server = _current_server(connection)
        if server is None:
            raise StoreError(f"{self._database.path}: no server was saved yet")
        return server

    def _section(self, connection: sqlite3.Connection, uuid: str) -> tuple[int, int]:
        server = self._server(connection)
        row = connection.execute(
            "SELECT section_id FROM section WHERE server_id = ? AND uuid = ?", (server, uuid)
        ).fetchone()
        if row is None:
            raise StoreError(f"{self._database.path}: section {uuid} was not saved yet")
        return server, int(row[0])


def _current_server(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT server_id FROM server WHERE is_current = 1").fetchone()
    return int(row[0]) if row else None


def grow(connection: sqlite3.Connection) -> None:
    """A view may notice what is written."""
    connection.execute("UPDATE mirror SET revision = revision + 1")
