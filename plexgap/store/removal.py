"""What is no longer in Plex leaves the mirror, or waits for the person. Changes when the proof of absence does.

Source: design/mirror.md 2 (complete, deletion, guard).
"""

# ruff: noqa: S608 - only placeholders and pieces of our own are put into a question
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from plexgap.domain.errors import IncompleteListing
from plexgap.domain.events import Change
from plexgap.domain.library import ItemRow, Kind
from plexgap.store import held, rows, runs, touched, twins
from plexgap.store.database import chunks, many

_ALWAYS = 20
_SHARE = 0.1
# As long may Plex take to scan what was put into a library. What stands in two libraries for longer is a copy.
_MOVES_WITHIN_S = 7 * 86400.0


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


class _Successor(NamedTuple):
    """What a title is now. `way`: from which library to which, in words."""

    rating_key: str
    way: str


_TITLES = (Kind.MOVIE, Kind.SHOW)
_NONE: Mapping[int, _Successor] = MappingProxyType({})
_GONE = (
    "SELECT i.item_id, i.rating_key, i.kind, i.title, i.show_key, i.season, i.number, s.held_back "
    "FROM item i JOIN item_state s USING (item_id) WHERE s.available = 1 AND "
)


def after_whole_reading(
    connection: sqlite3.Connection, server: int, section: int, stamp: int, *, accept: bool, now: float
) -> Removal:
    """Take out what bears no stamp of this reading or a later one, in a section all of which was read.

    An empty listing where rows were, and more titles than the guard lets pass, are held back until accepted.
    """
    gone = _gone(connection, f"{_GONE} i.section_id = ? AND s.seen_run < ?", (section, stamp))
    titles = [row for row in gone if row.kind in _TITLES]
    moved = _moved(connection, section, titles, now)
    leaving, staying = _sorted(connection, section, stamp, titles, moved, accept=accept)
    leaves = [row for row in gone if row.kind not in _TITLES and row.show_key not in staying]
    if not accept:
        leaves, emptied = _without_emptied(connection, section, stamp, leaves, {row.rating_key for row in leaving})
        staying |= emptied
    return _leave(connection, server, section, leaving, leaves, staying, moved, now)


def after_light_reading(
    connection: sqlite3.Connection, server: int, section: int, stamp: int, *, accept: bool, now: float
) -> Removal:
    """The same where only the titles themselves were all read: what belongs to one that leaves goes with it."""
    question = f"{_GONE} i.section_id = ? AND i.kind IN ('movie', 'show') AND s.seen_run < ?"
    titles = _gone(connection, question, (section, stamp))
    moved = _moved(connection, section, titles, now)
    leaving, staying = _sorted(connection, section, stamp, titles, moved, accept=accept)
    leaves: list[_Gone] = []
    for keys in chunks([row.rating_key for row in leaving]):
        leaves += _gone(connection, f"{_GONE} i.server_id = ? AND i.show_key IN ({many(keys)})", (server, *keys))
    return _leave(connection, server, section, leaving, leaves, staying, moved, now)


def _sorted(
    connection: sqlite3.Connection,
    section: int,
    stamp: int,
    titles: list[_Gone],
    moved: Mapping[int, _Successor],
    *,
    accept: bool,
) -> tuple[list[_Gone], set[str]]:
    """Titles that leave, and the keys of those that stay until the person says so. One that stands under another key
    by now leaves nothing behind, so the guard does not count it."""
    if accept:
        return titles, set()
    vanished = [row for row in titles if row.item_id not in moved]
    leaving = [*(row for row in titles if row.item_id in moved), *_passing(connection, section, stamp, vanished)]
    return leaving, {row.rating_key for row in titles} - {row.rating_key for row in leaving}


def _leave(
    connection: sqlite3.Connection,
    server: int,
    section: int,
    leaving: list[_Gone],
    leaves: list[_Gone],
    staying: set[str],
    moved: Mapping[int, _Successor],
    now: float,
) -> Removal:
    _hold_back(connection, server, staying)
    changes = _changes(connection, server, [*leaving, *leaves], moved)
    take_out(connection, server, [*leaving, *leaves], now)
    for row in leaving:
        if row.kind == Kind.SHOW and row.item_id in moved:
            _hand_over(connection, server, row.rating_key, moved[row.item_id].rating_key)
    removed = sum(row.kind != Kind.SEASON for row in (*leaving, *leaves))
    return Removal(removed, held_back(connection, section), changes)


def _moved(connection: sqlite3.Connection, section: int, titles: Sequence[_Gone], now: float) -> dict[int, _Successor]:
    """Of these titles of the section those that Plex has under another rating key since, by item id: the same guid,
    first met after the section was last seen whole with the old one in it. A copy that stood beside it before is none,
    unless it came within a week and was not told of yet, as its own library was not whole since: Plex scanned it.
    """
    whole_run, old_run = runs.last_whole(connection, section), runs.last_by(connection, now - _MOVES_WITHIN_S)
    told_runs: dict[int, int] = {}
    found: dict[int, _Successor] = {}
    for ids in chunks([row.item_id for row in titles]):
        for item_id, seen, added, to, key, way in connection.execute(
            "SELECT old.item_id, gone.seen_run, s.added_run, sec.section_id, new.rating_key, "
            "was.title || ' to ' || sec.title FROM item old "
            "JOIN item_state gone ON gone.item_id = old.item_id JOIN section was ON was.section_id = old.section_id "
            f"JOIN item new ON {twins.SAME} JOIN item_state s ON s.item_id = new.item_id AND s.available = 1 "
            "AND s.added_run > gone.added_run JOIN section sec ON sec.section_id = new.section_id "
            f"AND sec.is_listed WHERE old.item_id IN ({many(ids)}) ORDER BY new.item_id",
            ids,
        ):
            if to not in told_runs:
                told_runs[to] = max(old_run, runs.last_whole(connection, to))
            if added > min(max(seen, whole_run), told_runs[to]):
                found[item_id] = _Successor(key, way)
    return found


def _hand_over(connection: sqlite3.Connection, server: int, old: str, new: str) -> None:
    """What was once taken out of a show belongs to it under its new key."""
    connection.execute(
        "UPDATE item SET show_key = ? WHERE server_id = ? AND show_key = ? AND kind = 'episode' AND EXISTS "
        "(SELECT 1 FROM item_state s WHERE s.item_id = item.item_id AND s.available = 0)",
        (new, server, old),
    )
    connection.execute("UPDATE removed SET show_key = ? WHERE server_id = ? AND show_key = ?", (new, server, old))
    touched.bump(connection, server, [new])


def whole_section(connection: sqlite3.Connection, server: int, section: int, now: float) -> Removal:
    """Take out all of a section that Plex no longer lists, once the person accepted it."""
    gone = _gone(connection, f"{_GONE} i.section_id = ?", (section,))
    changes = _changes(connection, server, gone)
    take_out(connection, server, gone, now)
    return Removal(sum(row.kind != Kind.SEASON for row in gone), 0, changes)


def absent_leaves(
    connection: sqlite3.Connection,
    reading: rows.Reading,
    show: ItemRow,
    leaves: Iterable[ItemRow],
    seasons: Iterable[ItemRow] | None = None,
) -> tuple[Change, ...]:
    """Take out the episodes of one show that its complete leaves no longer have, and its seasons, where they were read.

    Raises IncompleteListing, having changed nothing, for an empty listing of a show that had episodes, unless the show
    says itself that it has none.
    """
    question = f"{_GONE} i.server_id = ? AND i.show_key = ? AND i.kind = ? AND s.read_at <= ?"
    had = _gone(connection, question, (reading.server, show.rating_key, Kind.EPISODE, reading.read_at))
    there = {row.rating_key for row in leaves}
    if had and not there and show.leaf_count != 0:
        name = held.show_titles(connection, reading.server, [show.rating_key]).get(show.rating_key, "a show")
        raise IncompleteListing(name, f"Plex lists no episode of it, where there were {len(had)}")
    if seasons is not None:
        had += _gone(connection, question, (reading.server, show.rating_key, Kind.SEASON, reading.read_at))
        there |= {row.rating_key for row in seasons}
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
    touched.bump(connection, server, (row.rating_key if row.kind == Kind.SHOW else row.show_key for row in gone))


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


def _passing(connection: sqlite3.Connection, section: int, stamp: int, titles: Sequence[_Gone]) -> Sequence[_Gone]:
    """Those that may go without asking. What is held back already stays so, however few it is by now."""
    total, met = connection.execute(
        "SELECT count(*), coalesce(sum(s.seen_run >= ?), 0) FROM item i JOIN item_state s USING (item_id) "
        "JOIN section sec USING (section_id) WHERE i.section_id = ? AND s.available = 1 AND i.kind = sec.kind",
        (stamp, section),
    ).fetchone()
    if not met or len(titles) > max(_ALWAYS, _SHARE * total):
        return ()
    return [row for row in titles if not row.held_back]


def _without_emptied(
    connection: sqlite3.Connection, section: int, stamp: int, leaves: list[_Gone], leaving: set[str]
) -> tuple[list[_Gone], set[str]]:
    """Seasons and episodes without those kinds that Plex listed none of; and the shows that stay without them."""
    met = {
        kind
        for (kind,) in connection.execute(
            "SELECT DISTINCT i.kind FROM item i JOIN item_state s USING (item_id) "
            "WHERE i.section_id = ? AND s.available = 1 AND s.seen_run >= ?",
            (section, stamp),
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


def _changes(
    connection: sqlite3.Connection, server: int, gone: Sequence[_Gone], moved: Mapping[int, _Successor] = _NONE
) -> tuple[Change, ...]:
    """One for a title that went; its seasons and episodes go without a word. Seasons never have one."""
    shows = {row.rating_key for row in gone if row.kind == Kind.SHOW}
    episodes = [row for row in gone if row.kind == Kind.EPISODE and row.show_key not in shows]
    names = held.show_titles(connection, server, (row.show_key for row in episodes))
    return (
        *(_of_title(row, moved.get(row.item_id)) for row in gone if row.kind in _TITLES),
        *(
            Change("removed", row.kind, names.get(row.show_key or "", row.title), row.season, row.number, row.title)
            for row in episodes
        ),
    )


def _of_title(row: _Gone, successor: _Successor | None) -> Change:
    if successor is not None:
        return Change("moved", row.kind, row.title, detail=successor.way)
    return Change("removed", row.kind, row.title)
