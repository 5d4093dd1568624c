"""Titles that stand under two rating keys. The newer one has moved, if the older one turns out to have left; else it is
a copy. Changes when another fact than the guid says that two are one title.

Source: design/mirror.md 2 ("Same guid under a new ratingKey").
"""

# ruff: noqa: S608 - only placeholders and pieces of our own are put into a question
from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from plexgap.domain.events import Change
from plexgap.domain.library import Kind
from plexgap.store import runs
from plexgap.store.database import chunks, many

# Of two titles, `old` and `new`: whether they are the same one. What Plex never matched, or was told not to, has no
# guid that says so.
SAME = (
    "new.server_id = old.server_id AND new.kind = old.kind AND new.guid = old.guid AND new.edition = old.edition "
    "AND new.item_id <> old.item_id AND new.kind IN ('movie', 'show') AND old.kind IN ('movie', 'show') "
    "AND old.guid LIKE '%://%' AND old.guid NOT LIKE 'local://%' AND old.guid NOT LIKE '%agents.none://%'"
)
# Titles that came into a section since it was last seen whole, with an older one that is held.
_UNTOLD = (
    "FROM item new JOIN item_state s ON s.item_id = new.item_id AND s.available = 1 AND s.added_run > ? "
    f"JOIN item old ON {SAME} JOIN item_state o ON o.item_id = old.item_id AND o.available = 1 "
    "AND o.added_run < s.added_run WHERE new.section_id = ? AND new.server_id = ? AND new.rating_key IN "
)


def untold(connection: sqlite3.Connection, server: int, section: int, rating_keys: Iterable[str]) -> set[str]:
    """Those of these keys of the section under which a title came of which it is not known yet whether it moved: that
    it was added is told by `told`. None before the section was first seen whole."""
    since = runs.last_whole(connection, section)
    found: set[str] = set()
    if since:
        for keys in chunks(sorted(set(rating_keys))):
            question = f"SELECT new.rating_key {_UNTOLD} ({many(keys)})"
            found.update(key for (key,) in connection.execute(question, (since, section, server, *keys)))
    return found


def told(connection: sqlite3.Connection, server: int, section: int) -> tuple[Change, ...]:
    """What came into the section with titles that did not move, once every section was read: their older ones are there
    still."""
    since = runs.last_whole(connection, section)
    titles = (
        "SELECT i.rating_key FROM item i JOIN item_state s USING (item_id) "
        "WHERE i.section_id = ? AND i.kind IN ('movie', 'show') AND s.added_run > ?"
    )
    came = untold(connection, server, section, (key for (key,) in connection.execute(titles, (section, since))))
    changes: list[Change] = []
    for keys in chunks(sorted(came)):
        rows = connection.execute(
            "SELECT i.kind, coalesce(show.title, i.title), i.title, i.year, i.season, i.number FROM item i "
            "JOIN item_state s USING (item_id) LEFT JOIN item show ON show.server_id = i.server_id "
            "AND show.rating_key = i.show_key WHERE s.available = 1 AND s.added_run > ? AND i.server_id = ? "
            f"AND (i.rating_key IN ({many(keys)}) OR i.show_key IN ({many(keys)})) "
            "ORDER BY i.show_key IS NOT NULL, i.show_key, i.season, i.number, i.item_id",
            (since, server, *keys, *keys),
        )
        changes += (_added(*row) for row in rows)
    return tuple(changes)


def _added(kind: str, title: str, name: str, year: int | None, season: int | None, number: int | None) -> Change:
    """As of a row that is new (store/rows.py)."""
    if kind == Kind.EPISODE:
        return Change("added", kind, title, season, number, name)
    return Change("added", kind, title, number, detail=str(year) if year and kind != Kind.SEASON else "")
