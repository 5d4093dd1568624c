"""What is counted of a show's leaves, by its rating key: that they moved. Changes when another such count is needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def bump(connection: sqlite3.Connection, server: int, show_keys: Iterable[str | None]) -> None:
    """Count up the revision of these shows' leaves; None is passed over."""
    connection.executemany(
        "INSERT INTO leaves (server_id, show_key, revision) VALUES (?, ?, 1) "
        "ON CONFLICT (server_id, show_key) DO UPDATE SET revision = revision + 1",
        [(server, key) for key in sorted({key for key in show_keys if key is not None})],
    )


def alter(connection: sqlite3.Connection, server: int, show_keys: Iterable[str | None]) -> None:
    """Episodes that stay in these shows are others than they were: what Plex said of their order may no longer hold."""
    connection.executemany(
        "UPDATE leaves SET altered = altered + 1 WHERE server_id = ? AND show_key = ?",
        [(server, key) for key in sorted({key for key in show_keys if key is not None})],
    )
