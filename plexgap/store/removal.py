"""What is no longer in Plex leaves the mirror, or waits for the person. Changes when the proof of absence does.

Source: design/mirror.md 2 (complete, deletion, guard).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plexgap.domain.errors import IncompleteListing
from plexgap.domain.events import Change
from plexgap.domain.library import Kind
from plexgap.store import rows
from plexgap.store.database import chunks, many

_ALWAYS = 20
_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Removal:
    """`removed`: movies, shows and episodes taken out. `held_back`: titles whose removal waits for the person."""

    removed: int
    held_back: int
    changes: tuple[Change, ...]


class _Gone(NamedTuple):
    """A row that the last reading did not meet."""

    item_id: int
    rating_key: str
    kind: str
    title: str
    show_key: str | None
    season: int | None
    number: int | None
    held_back: int


_GONE = (
    "SELECT i.item_id, i.rating_key, i.kind, i.title, i.show_key, i.season, i.number, s.held_back "
    "FROM item i JOIN item_state s USING (item_id) WHERE s.available = 1 AND "
)


def after_complete_reading(
    connection: sqlite3.Connection, server: int, section: int, run_id: int, *, accept: bool, now: float
) -> Removal:
    """Take out what the run did not meet in a section that it read whole.

    An empty listing where rows were, and more titles than the guard lets pass, are held back until accepted.
    """
    gone = _gone(connection, f"{_GONE} i.section_id = ? AND s.seen_run <> ?", (section, run_id))
    titles = [row for row in gone if row.kind in (Kind.MOVIE, Kind.SHOW)]
    leaving = titles if accept else _passing(connection, section, run_id, titles)
    staying = {row.rating_key for row in titles} - {row.rating_key for row in leaving}
    leaves = [row for row in gone if row.kind in (Kind.SEASON, Kind.EPISODE) and row.show_key not in staying]
    if not accept:
        leaves, emptied = _without_emptied(connection, section, run_id, leaves, {row.rating_key for row in leaving})
        staying |= emptied
    _hold_back(connection, server, staying)
    changes = _changes(connection, server, [*leaving, *leaves])
    take_out(connection, server, [*leaving, *leaves], now)
    removed = len(leaving) + sum(row.kind == Kind.EPISODE for row in leaves)
    return Removal(removed, held_back(connection, section), changes)


def whole_section(connection: sqlite3.Connection, server: int, section: int, now: float) -> Removal:
    """Take out all of a section that Plex no longer lists, once the person accepted it."""
    gone = _gone(connection, f"{_GONE} i.section_id = ?", (section,))
    changes = _changes(connection, server, gone)
    take_out(connection, server, gone, now)
    return Removal(sum(row.kind != Kind.SEASON for row in gone), 0, changes)


def absent_leaves(
    connection: sqlite3.Connection, reading: rows.Reading, show_key: str, present: Iterable[str]
) -> tuple[Change, ...]:
    """Take out the episodes of one show that its complete leaves no longer have.

    Raises IncompleteListing, having changed nothing, for an empty listing of a show that had episodes.
    """
    question = f"{_GONE} i.server_id = ? AND i.show_key = ? AND i.kind = 'episode' AND s.read_at <= ?"
    had = _gone(connection, question, (reading.server, show_key, reading.read_at))
    there = set(present)
    if had and not there:
        name = rows.show_titles(connection, reading.server, [show_key]).get(show_key, "a show")
        raise IncompleteListing(name, f"Plex lists no episode of it, where there were {len(had)}")
    gone = [row for row in had if row.rating_key not in there]
    changes = _changes(connection, reading.server, gone)
    take_out(connection, reading.server, gone, reading.read_at, reading.run_id)
    return changes


def of_keys(
    connection: sqlite3.Connection, server: int, rating_keys: Sequence[str], read_at: float, run_id: int
) -> tuple[Change, ...]:
    """Take out items that Plex says it does not have, with all that belongs to them."""
    gone: list[_Gone] = []
    for keys in chunks(rating_keys):
        question = f"{_GONE} i.server_id = ? AND (i.rating_key IN ({many(keys)}) OR i.show_key IN ({many(keys)}))"
        gone += _gone(connection, question, (server, *keys, *keys))
    changes = _changes(connection, server, gone)
    take_out(connection, server, gone, read_at, run_id)
    return changes


def take_out(connection: sqlite3.Connection, server: int, gone: Sequence[_Gone], at: float, run_id: int = 0) -> None:
    """Mark them unavailable. `read_at` moves along, and `run_id` of a look beside a scan, so that an older page of that
    scan can't bring them back."""
    connection.executemany(
        "UPDATE item_state SET available = 0, held_back = 0, missing_since = ?, read_at = max(read_at, ?), "
        "seen_run = max(seen_run, ?) WHERE item_id = ?",
        [(at, at, run_id, row.item_id) for row in gone],
    )
    rows.bump(connection, server, (row.rating_key if row.kind == Kind.SHOW else row.show_key for row in gone))


def held_back(connection: sqlite3.Connection, section: int) -> int:
    """How many titles of the section wait for the person."""
    question = (
        "SELECT count(*) FROM item i JOIN item_state s USING (item_id) JOIN section sec USING (section_id) "
        "WHERE i.section_id = ? AND s.available = 1 AND i.kind = sec.kind AND (s.held_back OR NOT sec.is_listed)"
    )
    return int(connection.execute(question, (section,)).fetchone()[0])


def _gone(connection: sqlite3.Connection, question: str, values: Sequence[object]) -> list[_Gone]:
    ordered = f"{question} ORDER BY i.show_key, i.season, i.number, i.item_id"
    return [_Gone(*row) for row in connection.execute(ordered, values)]


def _passing(connection: sqlite3.Connection, section: int, run_id: int, titles: Sequence[_Gone]) -> Sequence[_Gone]:
    """Those that may go without asking. What is held back already stays so, however few it is by now."""
    total, met = connection.execute(
        "SELECT count(*), coalesce(sum(s.seen_run = ?), 0) FROM item i JOIN item_state s USING (item_id) "
        "JOIN section sec USING (section_id) WHERE i.section_id = ? AND s.available = 1 AND i.kind = sec.kind",
        (run_id, section),
    ).fetchone()
    if not met or len(titles) > max(_ALWAYS, _SHARE * total):
        return ()
    return [row for row in titles if not row.held_back]


def _without_emptied(
    connection: sqlite3.Connection, section: int, run_id: int, leaves: list[_Gone], leaving: set[str]
) -> tuple[list[_Gone], set[str]]:
    """Seasons and episodes without those kinds that Plex listed none of; and the shows that stay without them."""
    met = {
        kind
        for (kind,) in connection.execute(
            "SELECT DISTINCT i.kind FROM item i JOIN item_state s USING (item_id) "
            "WHERE i.section_id = ? AND s.available = 1 AND s.seen_run = ?",
            (section, run_id),
        )
    }
    kept = [row for row in leaves if row.kind in met or row.show_key in leaving]
    emptied = {row.show_key for row in leaves if row.kind == Kind.EPISODE and row.kind not in met}
    return kept, {key for key in emptied if key is not None and key not in leaving}


def _hold_back(connection: sqlite3.Connection, server: int, rating_keys: Iterable[str]) -> None:
    connection.executemany(
        "UPDATE item_state SET held_back = 1 WHERE item_id = "
        "(SELECT item_id FROM item WHERE server_id = ? AND rating_key = ?)",
        [(server, key) for key in sorted(rating_keys)],
    )


def _changes(connection: sqlite3.Connection, server: int, gone: Sequence[_Gone]) -> tuple[Change, ...]:
    """One for a title that went; its seasons and episodes go without a word. Seasons never have one."""
    shows = {row.rating_key for row in gone if row.kind == Kind.SHOW}
    episodes = [row for row in gone if row.kind == Kind.EPISODE and row.show_key not in shows]
    names = rows.show_titles(connection, server, (row.show_key for row in episodes))
    return (
        *(Change("removed", row.kind, row.title) for row in gone if row.kind in (Kind.MOVIE, Kind.SHOW)),
        *(
            Change("removed", row.kind, names.get(row.show_key or "", row.title), row.season, row.number, row.title)
            for row in episodes
        ),
    )
