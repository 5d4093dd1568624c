"""Rows of a Plex listing into the mirror: hash, compare, write the differences. Changes when a row has more to keep."""

# ruff: noqa: S608 - only placeholders and names of our own tables are put into a question
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from plexgap.domain.events import Change
from plexgap.domain.library import HeldEpisode, HeldFile, ItemRow, Kind
from plexgap.store import held, touched, twins
from plexgap.store.database import chunks, insert, many
from plexgap.store.hashes import best_resolution, came_as, media_hash, meta_hash, resolution_change

# A look at one show may end while a scan's older page of it still waits to be written: that page must not win.
# The limit keeps a clock that was once wrong from shutting rows off for ever.
_RACE_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What rows are written for: `read_at` in epoch seconds is when Plex was asked. `is_first`: no Change is told."""

    server: int
    section: int
    run_id: int
    read_at: float
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class PageWritten:
    """`written` rows were new or differed; `changes` says what a person would notice of that."""

    written: int
    changes: tuple[Change, ...]


class _Stored(NamedTuple):
    rating_key: str
    item_id: int
    section_id: int
    kind: str
    show_key: str | None
    meta_hash: bytes
    media_hash: bytes
    available: int
    held_back: int
    read_at: float
    seen_run: int
    moving: tuple[Any, ...]


@dataclass(slots=True)
class _Differences:
    """The rows of one page, sorted by what there is to do with them."""

    new: list[tuple[int, ItemRow]] = field(default_factory=list)
    changed: list[tuple[_Stored, ItemRow]] = field(default_factory=list)
    restored: list[tuple[_Stored, ItemRow]] = field(default_factory=list)
    moved: list[tuple[_Stored, ItemRow]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)


def write(connection: sqlite3.Connection, reading: Reading, rows: Iterable[ItemRow]) -> PageWritten:
    """Write what differs, stamp all as seen by the run, and count up the revision of shows whose leaves moved.

    Rows that a look at one show has read since are left alone: it stamped them itself.
    """
    page = _Page(connection, reading, {row.rating_key: row for row in rows})
    return page.write()


def differing(connection: sqlite3.Connection, reading: Reading, rows: Iterable[ItemRow]) -> frozenset[str]:
    """The rating keys of those rows that the mirror has not, or has otherwise than in times, counts and watch state."""
    todo = _Page(connection, reading, {row.rating_key: row for row in rows}).differences()
    pairs = (*todo.new, *todo.changed, *todo.restored)
    return frozenset(row.rating_key for _, row in pairs)


class _Page:
    """One page on its way into the mirror, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, reading: Reading, rows: dict[str, ItemRow]) -> None:
        self._connection = connection
        self._reading = reading
        self._rows = rows
        self._stored = self._read_stored()
        self._seasons = self._shows_of_seasons()
        self._hashes = {key: (meta_hash(row), media_hash(row)) for key, row in rows.items()}
        self._held: dict[int, HeldEpisode] = {}
        self._best: dict[int, str] = {}

    def write(self) -> PageWritten:
        todo = self.differences()
        again = [*todo.changed, *todo.restored]
        ids = [stored.item_id for stored, _ in again]
        self._held = held.episodes_of(self._connection, ids)
        self._best = _best_resolutions(self._connection, ids)
        self._insert(todo.new)
        self._update(again)
        self._move([*again, *todo.moved])
        self._stamp(todo)
        touched.bump(self._connection, self._reading.server, self._leaves_moved(todo))
        touched.alter(self._connection, self._reading.server, self._leaves_altered(todo))
        written = len(todo.new) + len(again) + len(todo.moved)
        return PageWritten(written, () if self._reading.is_first else self._changes(todo))

    def differences(self) -> _Differences:
        """What there is to do with each row."""
        todo = _Differences()
        next_id = int(self._connection.execute("SELECT coalesce(max(item_id), 0) + 1 FROM item").fetchone()[0])
        overtaken = self._overtaken_shows()
        for key, row in self._rows.items():
            stored = self._stored.get(key)
            if stored is None:
                if self._show_key(row) not in overtaken:
                    todo.new.append((next_id, row))
                    next_id += 1
            elif not self._is_overtaken(stored.read_at, stored.seen_run):
                todo.seen.append(stored.item_id)
                self._sort(todo, stored, row)
        return todo

    def _sort(self, todo: _Differences, stored: _Stored, row: ItemRow) -> None:
        same = (stored.section_id, stored.meta_hash, stored.media_hash) == (
            self._reading.section,
            *self._hashes[row.rating_key],
        )
        if not stored.available:
            todo.restored.append((stored, row))
        elif not same:
            todo.changed.append((stored, row))
        elif stored.held_back or stored.moving != _moving(row):
            todo.moved.append((stored, row))

    def _is_overtaken(self, read_at: float, seen_run: int) -> bool:
        """Whether it was read later, in this run: what an earlier run stamped is older, whatever its clock said."""
        reading = self._reading
        return seen_run >= reading.run_id and reading.read_at < read_at < reading.read_at + _RACE_S

    def _overtaken_shows(self) -> set[str]:
        """Shows whose leaves were read whole after this page was: what it has beyond them is gone by now."""
        rows = self._connection.execute(
            "SELECT l.show_key, min(l.whole_at, s.read_at), s.seen_run FROM leaves l JOIN item i "
            "ON i.server_id = l.server_id AND i.rating_key = l.show_key JOIN item_state s USING (item_id) "
            "WHERE l.server_id = ? AND l.whole_at > ?",
            (self._reading.server, self._reading.read_at),
        )
        return {key for key, read_at, seen_run in rows if self._is_overtaken(read_at, seen_run)}

    def _read_stored(self) -> dict[str, _Stored]:
        found: dict[str, _Stored] = {}
        for keys in chunks(tuple(self._rows)):
            for row in self._connection.execute(
                "SELECT i.rating_key, i.item_id, i.section_id, i.kind, i.show_key, i.meta_hash, i.media_hash, "
                "s.available, s.held_back, s.read_at, s.seen_run, s.thumb, s.added_at, s.updated_at, s.leaf_count, "
                "s.child_count, s.view_count, s.last_viewed_at, s.viewed_leaf_count "
                "FROM item i JOIN item_state s USING (item_id) "
                f"WHERE i.server_id = ? AND i.rating_key IN ({many(keys)})",
                (self._reading.server, *keys),
            ):
                found[row[0]] = _Stored._make((*row[:11], row[11:]))
        return found

    def _shows_of_seasons(self) -> dict[str, str]:
        """The show of each season that an episode of this page names without naming the show itself."""
        parents = [
            row.parent_key
            for row in self._rows.values()
            if row.kind is Kind.EPISODE and row.grandparent_key is None and row.parent_key is not None
        ]
        found: dict[str, str] = {}
        for keys in chunks(sorted(set(parents))):
            found.update(
                self._connection.execute(
                    "SELECT rating_key, show_key FROM item WHERE server_id = ? AND kind = 'season' "
                    f"AND show_key IS NOT NULL AND rating_key IN ({many(keys)})",
                    (self._reading.server, *keys),
                ).fetchall()
            )
        return found

    def _show_key(self, row: ItemRow) -> str | None:
        if row.kind is Kind.SEASON:
            return row.parent_key
        if row.kind is not Kind.EPISODE:
            return None
        return row.grandparent_key or self._seasons.get(row.parent_key or "")

    def _columns(self, row: ItemRow) -> tuple[Any, ...]:
        return (
            self._reading.section,
            row.kind.value,
            row.parent_key,
            self._show_key(row),
            row.parent_index if row.kind is Kind.EPISODE else None,
            row.index,
            row.title,
            row.title_sort,
            row.original_title,
            row.edition,
            row.guid,
            row.year,
            row.air_date.isoformat() if row.air_date else None,
            row.duration_ms,
            row.summary,
            row.studio,
            row.content_rating,
            *self._hashes[row.rating_key],
        )

    def _insert(self, new: Sequence[tuple[int, ItemRow]]) -> None:
        reading = self._reading
        insert(
            self._connection,
            "item (item_id, server_id, rating_key, section_id, kind, parent_key, show_key, season, number, title, "
            "title_sort, original_title, edition, guid, year, air_date, duration_ms, summary, studio, content_rating, "
            "meta_hash, media_hash)",
            [(item_id, reading.server, row.rating_key, *self._columns(row)) for item_id, row in new],
        )
        insert(
            self._connection,
            "item_state (item_id, available, seen_run, added_run, read_at, thumb, added_at, updated_at, leaf_count, "
            "child_count, view_count, last_viewed_at, viewed_leaf_count)",
            [(item_id, 1, reading.run_id, reading.run_id, reading.read_at, *_moving(row)) for item_id, row in new],
        )
        self._insert_children(new)

    def _insert_children(self, rows: Sequence[tuple[int, ItemRow]]) -> None:
        insert(
            self._connection,
            "item_guid",
            [(item_id, *pair) for item_id, row in rows for pair in dict.fromkeys(map(_pair, row.guids))],
        )
        media = [(item_id, place, one) for item_id, row in rows for place, one in enumerate(row.media)]
        insert(
            self._connection,
            "media",
            [
                (item_id, place, m.media_id, m.duration_ms, m.container, m.video_codec, m.audio_codec, m.resolution)
                for item_id, place, m in media
            ],
        )
        insert(
            self._connection,
            "part",
            [
                (item_id, place, number, p.part_id, p.file, p.size, p.duration_ms or m.duration_ms, p.container)
                for item_id, place, m in media
                for number, p in enumerate(m.parts)
            ],
        )

    def _update(self, again: Sequence[tuple[_Stored, ItemRow]]) -> None:
        self._connection.executemany(
            "UPDATE item SET section_id = ?, kind = ?, parent_key = ?, show_key = ?, season = ?, number = ?, "
            "title = ?, title_sort = ?, original_title = ?, edition = ?, guid = ?, year = ?, air_date = ?, "
            "duration_ms = ?, summary = ?, studio = ?, content_rating = ?, meta_hash = ?, media_hash = ? "
            "WHERE item_id = ?",
            [(*self._columns(row), stored.item_id) for stored, row in again],
        )
        ids = [(stored.item_id,) for stored, _ in again]
        for table in ("item_guid", "media", "part"):
            self._connection.executemany(f"DELETE FROM {table} WHERE item_id = ?", ids)
        self._insert_children([(stored.item_id, row) for stored, row in again])

    def _move(self, rows: Sequence[tuple[_Stored, ItemRow]]) -> None:
        self._connection.executemany(
            "UPDATE item_state SET available = 1, missing_since = NULL, held_back = 0, thumb = ?, added_at = ?, "
            "updated_at = ?, leaf_count = ?, child_count = ?, view_count = ?, last_viewed_at = ?, "
            "viewed_leaf_count = ? WHERE item_id = ?",
            [(*_moving(row), stored.item_id) for stored, row in rows],
        )
        self._connection.executemany(
            "UPDATE item_state SET added_run = ? WHERE item_id = ?",
            [(self._reading.run_id, stored.item_id) for stored, _ in rows if not stored.available],
        )

    def _stamp(self, todo: _Differences) -> None:
        for ids in chunks(todo.seen):
            self._connection.execute(
                f"UPDATE item_state SET seen_run = ?, read_at = ? WHERE item_id IN ({many(ids)})",
                (self._reading.run_id, self._reading.read_at, *ids),
            )

    def _leaves_moved(self, todo: _Differences) -> set[str | None]:
        """The shows of which judging would now see other episodes than before, or other ids of their own."""
        keys = {self._show_key(row) for _, row in todo.new if row.kind is Kind.EPISODE}
        keys |= {row.rating_key for _, row in todo.changed if row.kind is Kind.SHOW}
        for stored, row in (*todo.changed, *todo.restored):
            now = (self._show_key(row), _as_held(row)) if row.kind is Kind.EPISODE else None
            was = (stored.show_key, self._held[stored.item_id]) if stored.kind == Kind.EPISODE else None
            if was is not None and not stored.available:
                was = None
            keys |= {pair[0] for pair in (was, now) if was != now and pair is not None}
        return keys

    def _leaves_altered(self, todo: _Differences) -> set[str | None]:
        """The shows of which an episode that stays is another one than it was, whatever its files are; and those that
        are others themselves."""
        keys: set[str | None] = {row.rating_key for _, row in todo.changed if row.kind is Kind.SHOW}
        episodes = ((stored, row) for stored, row in todo.changed if row.kind is Kind.EPISODE and stored.available)
        keys |= {
            self._show_key(row)
            for stored, row in episodes
            if replace(self._held[stored.item_id], files=()) != replace(_as_held(row), files=())
        }
        return keys

    def _changes(self, todo: _Differences) -> tuple[Change, ...]:
        rows = [row for _, row in (*todo.new, *todo.changed, *todo.restored)]
        came = (self._show_key(row) or row.rating_key for _, row in (*todo.new, *todo.restored))
        untold = twins.untold(self._connection, self._reading.server, self._reading.section, came)
        titles = held.show_titles(self._connection, self._reading.server, map(self._show_key, rows))

        def is_told(row: ItemRow) -> bool:
            return (self._show_key(row) or row.rating_key) not in untold

        def change(kind: str, row: ItemRow, detail: str = "") -> Change:
            title = titles.get(self._show_key(row) or "", row.title)
            is_episode = row.kind is Kind.EPISODE
            season = row.parent_index if is_episode else row.index
            return Change(kind, row.kind, title, season, row.index if is_episode else None, detail)

        return (
            *(change("added", row, came_as(row)) for _, row in todo.new if is_told(row)),
            *(change("restored", row, came_as(row)) for _, row in todo.restored if is_told(row)),
            *(change(*told) for pair in todo.changed if (told := self._difference(*pair)) is not None),
        )

    def _difference(self, stored: _Stored, row: ItemRow) -> tuple[str, ItemRow, str] | None:
        """("upgraded", row, "720p to 1080p"), ("moved", row, "TV to Archive"), or "updated" with what is known of why;
        None for what moved along with its show."""
        if stored.section_id != self._reading.section:
            if row.kind in (Kind.MOVIE, Kind.SHOW):
                return "moved", row, self._way(stored.section_id)
            if (stored.meta_hash, stored.media_hash) == self._hashes[row.rating_key]:
                return None
        after = best_resolution(media.resolution for media in row.media)
        kind, detail = resolution_change(self._best.get(stored.item_id, ""), after)
        if kind:
            return kind, row, detail
        files_before = {file.path for file in self._held[stored.item_id].files}
        files_after = {part.file for media in row.media for part in media.parts}
        return "updated", row, "another file" if files_before != files_after else ""

    def _way(self, before: int) -> str:
        """From that section to this one, in words."""
        titles = dict(self._connection.execute("SELECT section_id, title FROM section").fetchall())
        return f"{titles.get(before, '')} to {titles.get(self._reading.section, '')}"


def _pair(guid: str) -> tuple[str, str]:
    source, _, value = guid.strip().partition("://")
    return source, value


def _as_held(row: ItemRow) -> HeldEpisode:
    """The row as judging will see it, equal to what `held.episodes_of` reads back."""
    return HeldEpisode(
        row.rating_key,
        row.parent_index,
        row.index,
        row.title,
        row.air_date,
        held.outside_ids(row.guid, map(_pair, row.guids)),
        tuple(HeldFile(p.file, p.duration_ms or m.duration_ms) for m in row.media for p in m.parts),
    )


def _moving(row: ItemRow) -> tuple[Any, ...]:
    """What moves without the item being another: picture token, times, counts, watch state."""
    return (
        row.thumb,
        row.added_at,
        row.updated_at,
        row.leaf_count,
        row.child_count,
        row.view_count,
        row.last_viewed_at,
        row.viewed_leaf_count,
    )


def _best_resolutions(connection: sqlite3.Connection, item_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for some in chunks(item_ids):
        for item_id, resolution in connection.execute(
            f"SELECT item_id, resolution FROM media WHERE item_id IN ({many(some)})", some
        ):
            found.setdefault(item_id, []).append(resolution)
    return {item_id: best_resolution(resolutions) for item_id, resolutions in found.items()}
