"""What Plex says of the order its shows are numbered in. Changes when more of a show's own settings are kept."""

# ruff: noqa: S608 - only placeholders are put into a question
from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from plexgap.gaps.orders import Setting
from plexgap.store.database import chunks, many


def save(connection: sqlite3.Connection, server: int, settings: Mapping[str, Setting]) -> None:
    """Keeps them, by rating key, for as long as no episode that stays becomes another one: one more or fewer says
    nothing of their order."""
    connection.executemany(
        "INSERT INTO show_ordering VALUES (?1, ?2, ?3, ?4, coalesce((SELECT altered FROM leaves "
        "WHERE server_id = ?1 AND show_key = ?2), 0)) ON CONFLICT (server_id, rating_key) DO UPDATE "
        "SET own = excluded.own, library = excluded.library, revision = excluded.revision",
        [(server, key, setting.own, setting.library) for key, setting in settings.items()],
    )


def load(
    connection: sqlite3.Connection, server: int, rating_keys: Sequence[str], *, of_any_age: bool = False
) -> dict[str, Setting]:
    """Those that are kept and still true: another order would have altered the show's episodes. `of_any_age`: also
    those of shows whose episodes were altered since."""
    found: dict[str, Setting] = {}
    for keys in chunks(rating_keys):
        rows = connection.execute(
            "SELECT o.rating_key, own, library FROM show_ordering o LEFT JOIN leaves l "
            "ON l.server_id = o.server_id AND l.show_key = o.rating_key "
            "WHERE o.server_id = ? AND (? OR o.revision = coalesce(l.altered, 0)) "
            f"AND o.rating_key IN ({many(keys)})",
            (server, of_any_age, *keys),
        )
        found.update((key, Setting(own, library)) for key, own, library in rows)
    return found
