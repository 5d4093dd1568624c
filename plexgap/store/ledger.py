"""What was taken out of the mirror long ago: the row goes, that it was there once is kept.

Source: design/mirror.md 2 (purge after 30 days, ledger). Changes when more of a removed item must be told.
"""

# ruff: noqa: S608 - only placeholders and pieces of our own are put into a question
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from plexgap.store.database import chunks, many

KEPT = timedelta(days=30)

_NO_ITEM = "NOT EXISTS (SELECT 1 FROM item i WHERE i.server_id = {0}.server_id AND i.rating_key = {0}.{1})"
_NO_ITEM_OF_TITLE = (
    "NOT EXISTS (SELECT 1 FROM title_item ti WHERE ti.server_id = title_check.server_id "
    "AND ti.title_id = title_check.title_id AND EXISTS (SELECT 1 FROM item i "
    "WHERE i.server_id = ti.server_id AND i.rating_key = ti.rating_key))"
)
# What belongs to a title's check goes with it.
_WITHOUT_ITEM = {
    "title_check": _NO_ITEM_OF_TITLE,
    "film_check": _NO_ITEM.format("film_check", "rating_key"),
    "leaves": _NO_ITEM.format("leaves", "show_key"),
    "show_ordering": _NO_ITEM.format("show_ordering", "rating_key"),
}

_OLD = "FROM item i JOIN item_state s USING (item_id) WHERE s.available = 0 AND s.missing_since < ?"


def purge(connection: sqlite3.Connection, now: datetime) -> int:
    """Moves what has been away for 30 days into the ledger; how many rows that were. Seasons leave nothing there. What
    was said of titles of which no item is left goes too (TMDB's terms)."""
    before = (now - KEPT).timestamp()
    old = connection.execute(f"SELECT count(*) {_OLD}", (before,)).fetchone()[0]
    if not old:
        return 0
    connection.execute(
        "INSERT OR REPLACE INTO removed SELECT i.server_id, i.rating_key, i.kind, i.show_key, i.season, i.number, "
        "i.title, i.air_date, i.guid, coalesce((SELECT group_concat(source || '://' || value, char(10)) "
        "FROM item_guid g WHERE g.item_id = i.item_id), ''), s.missing_since "
        f"{_OLD} AND i.kind <> 'season'",
        (before,),
    )
    connection.execute(f"DELETE FROM item WHERE item_id IN (SELECT i.item_id {_OLD})", (before,))
    for table, has_none in _WITHOUT_ITEM.items():
        connection.execute(f"DELETE FROM {table} WHERE {has_none}")
    return int(old)


def episodes(
    connection: sqlite3.Connection, server: int, show_keys: Sequence[str]
) -> list[tuple[str, str, int | None, int | None, str, str | None, str, str]]:
    """Of these shows: (show key, rating key, season, number, title, air date, guid, guids a line each)."""
    found = []
    for keys in chunks(show_keys):
        found += connection.execute(
            "SELECT show_key, rating_key, season, number, title, air_date, guid, guids FROM removed "
            f"WHERE server_id = ? AND kind = 'episode' AND show_key IN ({many(keys)})",
            (server, *keys),
        ).fetchall()
    return found


def films(connection: sqlite3.Connection, server: int) -> list[tuple[str, str]]:
    """(guid, guids a line each) of films."""
    question = "SELECT guid, guids FROM removed WHERE server_id = ? AND kind = 'movie'"
    return connection.execute(question, (server,)).fetchall()
