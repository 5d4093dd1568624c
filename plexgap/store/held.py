"""What the mirror holds, read out of it. Changes when judging or a view needs to know more of what is held."""

# ruff: noqa: S608 - only placeholders are put into a question
from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from plexgap.domain.ids import ExternalId, Source, external_id, parse_guid
from plexgap.domain.library import HeldEpisode, HeldFile, HeldShow, Kind, ShowItem
from plexgap.store import ledger
from plexgap.store.database import chunks, many

_SOURCES = {str(source): source for source in Source}
_NOTHING: frozenset[ExternalId] = frozenset()

# Titles of a whole server are asked for by its sections: by `i.server_id` SQLite goes through every episode.
_SHOW = """
    SELECT i.item_id, i.rating_key, sec.uuid, sec.title, i.title, i.year, i.guid, s.held_back OR NOT sec.is_listed,
        s.thumb, s.added_at, s.leaf_count, coalesce(l.revision, 0),
        sec.last_complete_at IS NOT NULL OR l.whole_at IS NOT NULL, sec.read_complete AND NOT sec.orphans
    FROM item i JOIN item_state s USING (item_id) JOIN section sec USING (section_id)
    LEFT JOIN leaves l ON l.server_id = i.server_id AND l.show_key = i.rating_key
    WHERE i.kind = 'show' AND s.available = 1"""
_EPISODE = "SELECT i.item_id, i.show_key, i.rating_key, i.season, i.number, i.title, i.air_date, i.guid FROM item i"
_IN_ORDER = "ORDER BY i.show_key, i.season IS NULL, i.season, i.number IS NULL, i.number, i.item_id"


KnownShows = dict[int, tuple[tuple[Any, ...], ShowItem]]


@dataclass(frozen=True, slots=True)
class StoredSection:
    """A section as the mirror knows it. `last_complete_at`: when it was last read whole, None: never yet.

    `incomplete_reason`: a sentence why the last reading was not whole, "" when it was.
    """

    key: str
    uuid: str
    title: str
    kind: Kind
    last_complete_at: datetime | None
    incomplete_reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is held, what waits for its removal included."""

    shows: int
    episodes: int
    movies: int


@dataclass(frozen=True, slots=True)
class Pictured:
    """What is asked for an item's picture: `thumb` is the path Plex gives for it, "" where it has none."""

    title: str
    kind: Kind
    thumb: str


def sections(connection: sqlite3.Connection, server: int) -> tuple[StoredSection, ...]:
    """Those that Plex lists, and others whose titles wait for their removal; in the order of their keys."""
    rows = connection.execute(
        "SELECT key, uuid, title, kind, last_complete_at, incomplete_reason FROM section sec "
        "WHERE server_id = ? AND (is_listed OR EXISTS (SELECT 1 FROM item i JOIN item_state s USING (item_id) "
        "WHERE i.section_id = sec.section_id AND s.available = 1)) ORDER BY length(key), key",
        (server,),
    )
    return tuple(
        StoredSection(key, uuid, title, Kind(kind), moment(complete_at), reason)
        for key, uuid, title, kind, complete_at, reason in rows
    )


def shows(
    connection: sqlite3.Connection,
    server: int,
    section_uuids: Collection[str] | None = None,
    rating_keys: Sequence[str] | None = None,
    known: KnownShows | None = None,
) -> tuple[ShowItem, ...]:
    """The available show items, lowest rating key first; None: of all sections, all keys. One whose rows are those that
    are `known` is the same object again; what is read goes in there."""
    found: list[Sequence[Any]] = []
    if rating_keys is None:
        found += connection.execute(f"{_SHOW} AND sec.server_id = ?", (server,))
    for keys in chunks(rating_keys or ()):
        found += connection.execute(f"{_SHOW} AND i.server_id = ? AND i.rating_key IN ({many(keys)})", (server, *keys))
    if section_uuids is not None:
        found = [row for row in found if row[2] in section_uuids]
    all_whole = all(row[-1] for row in found)
    leaves = {} if all_whole else _available_leaves(connection, server, rating_keys)
    guids = _guids(connection, [row[0] for row in found])
    kept = {} if known is None else known
    items = []
    for row in found:
        facts = (row, leaves.get(row[1], 0), guids.get(row[0]))
        before = kept.get(row[0])
        if before is None or before[0] != facts:
            before = kept[row[0]] = (facts, _show_item(row[1:], facts[1], facts[2] or ()))
        items.append(before[1])
    return tuple(sorted(items, key=lambda item: (len(item.rating_key), item.rating_key)))


def held(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str] | None = None) -> tuple[HeldShow, ...]:
    """Shows with their available episodes in season and number order; in the order asked for, unknown ones left out."""
    items = {item.rating_key: item for item in shows(connection, server, rating_keys=rating_keys)}
    order = [key for key in (items if rating_keys is None else rating_keys) if key in items]
    where = "JOIN item_state s USING (item_id) WHERE i.server_id = ? AND i.kind = 'episode' AND s.available = 1"
    episodes: defaultdict[str, list[HeldEpisode]] = defaultdict(list)
    if rating_keys is None:
        rows = connection.execute(f"{_EPISODE} {where} {_IN_ORDER}", (server,)).fetchall()
        _add_episodes(episodes, connection, rows, everything=True)
    for keys in chunks(order) if rating_keys is not None else ():
        rows = connection.execute(
            f"{_EPISODE} {where} AND i.show_key IN ({many(keys)}) {_IN_ORDER}", (server, *keys)
        ).fetchall()
        _add_episodes(episodes, connection, rows)
    return tuple(HeldShow(items[key], tuple(episodes.get(key, ()))) for key in order)


def gone(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str]) -> tuple[HeldShow, ...]:
    """The episodes of these held shows that are no longer available, in season and number order; those that left long
    ago behind the others."""
    episodes: defaultdict[str, list[HeldEpisode]] = defaultdict(list)
    where = "JOIN item_state s USING (item_id) WHERE i.server_id = ? AND i.kind = 'episode' AND s.available = 0"
    for keys in chunks(rating_keys):
        rows = connection.execute(
            f"{_EPISODE} {where} AND i.show_key IN ({many(keys)}) {_IN_ORDER}", (server, *keys)
        ).fetchall()
        _add_episodes(episodes, connection, rows)
    for show_key, key, season, number, title, air_date, guid, guids in ledger.episodes(connection, server, rating_keys):
        ids = outside_ids(guid, _pairs(guids))
        day = date.fromisoformat(air_date) if air_date else None
        episodes[show_key].append(HeldEpisode(key, season, number, title, day, ids))
    items = shows(connection, server, rating_keys=list(episodes)) if episodes else ()
    return tuple(HeldShow(item, tuple(episodes[item.rating_key])) for item in items)


def show_titles(connection: sqlite3.Connection, server: int, show_keys: Iterable[str | None]) -> dict[str, str]:
    """Titles by rating key, of those that are known."""
    found: dict[str, str] = {}
    for keys in chunks(sorted({key for key in show_keys if key is not None})):
        found.update(
            connection.execute(
                f"SELECT rating_key, title FROM item WHERE server_id = ? AND rating_key IN ({many(keys)})",
                (server, *keys),
            ).fetchall()
        )
    return found


def counts(connection: sqlite3.Connection, server: int) -> Counts:
    """Of all sections, whether they are in scope or not."""
    by_kind: dict[str, int] = dict(
        connection.execute(
            "SELECT i.kind, count(*) FROM item i JOIN item_state s USING (item_id) "
            "WHERE i.server_id = ? AND s.available = 1 GROUP BY i.kind",
            (server,),
        ).fetchall()
    )
    return Counts(by_kind.get("show", 0), by_kind.get("episode", 0), by_kind.get("movie", 0))


def count_titles(connection: sqlite3.Connection, server: int, section_uuids: Collection[str]) -> int:
    """Shows and movies that are held in these sections."""
    rows = connection.execute(
        "SELECT sec.uuid, count(*) FROM item i JOIN item_state s USING (item_id) JOIN section sec USING (section_id) "
        "WHERE sec.server_id = ? AND s.available = 1 AND i.kind IN ('movie', 'show') GROUP BY sec.uuid",
        (server,),
    )
    return sum(count for uuid, count in rows if uuid in section_uuids)


def episodes_of(connection: sqlite3.Connection, item_ids: Sequence[int]) -> dict[int, HeldEpisode]:
    """Items as judging sees them, available or not, by item id."""
    found: dict[int, HeldEpisode] = {}
    for some in chunks(item_ids):
        rows = connection.execute(f"{_EPISODE} WHERE i.item_id IN ({many(some)})", some).fetchall()
        found.update((item_id, episode) for item_id, _, episode in _read(connection, rows))
    return found


def outside_ids(guid: str, guids: Iterable[tuple[str, str]]) -> frozenset[ExternalId]:
    """What an item's own guid and those beside it, each split at "://", say of it."""
    found = {known for pair in guids if (known := _outside_id(*pair)) is not None}
    own = None if guid.startswith("plex://") else parse_guid(guid)
    if own is not None:
        found.add(own)
    return frozenset(found) if found else _NOTHING


def moment(seconds: float | None) -> datetime | None:
    """The moment in UTC, exact to the microsecond as it was stored."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _pairs(guids: str) -> Iterator[tuple[str, str]]:
    """Guids, a line each, split at "://"."""
    for guid in guids.splitlines():
        source, _, value = guid.partition("://")
        yield source, value


def _outside_id(source: str, value: str) -> ExternalId | None:
    known = _SOURCES.get(source)
    found = external_id(known, value) if known is not None else None
    return found or parse_guid(f"{source}://{value}")


def _available_leaves(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str] | None) -> dict[str, int]:
    """How many episodes each show has; for a few shows without counting those of all others."""
    question = (
        "SELECT i.show_key, count(*) FROM item i JOIN item_state s USING (item_id) "
        "WHERE i.server_id = ? AND i.kind = 'episode' AND s.available = 1 {} GROUP BY i.show_key"
    )
    if rating_keys is None:
        return dict(connection.execute(question.format(""), (server,)).fetchall())
    found: dict[str, int] = {}
    for keys in chunks(rating_keys):
        found.update(connection.execute(question.format(f"AND i.show_key IN ({many(keys)})"), (server, *keys)))
    return found


def _show_item(row: Sequence[Any], leaves: int, guids: Iterable[tuple[str, str]]) -> ShowItem:
    key, uuid, section_title, title, year, guid, held_back, thumb, added_at, leaf_count, revision, once, whole = row
    return ShowItem(
        rating_key=key,
        section_uuid=uuid,
        section_title=section_title,
        title=title,
        year=year,
        guid=guid,
        ids=outside_ids(guid, guids),
        revision=revision,
        readable=bool(once and (whole or (leaf_count is not None and leaves >= leaf_count))),
        held_back=bool(held_back),
        thumb=thumb,
        added_at=added_at,
    )


def _add_episodes(
    to: defaultdict[str, list[HeldEpisode]],
    connection: sqlite3.Connection,
    rows: Sequence[Sequence[Any]],
    everything: bool = False,
) -> None:
    for _, show_key, episode in _read(connection, rows, everything):
        if show_key is not None:
            to[show_key].append(episode)


def _read(
    connection: sqlite3.Connection, rows: Sequence[Sequence[Any]], everything: bool = False
) -> Iterator[tuple[int, str | None, HeldEpisode]]:
    ids = None if everything else [row[0] for row in rows]
    guids, files = _guids(connection, ids), _files(connection, ids)
    for item_id, show_key, rating_key, season, number, title, air_date, guid in rows:
        yield (
            item_id,
            show_key,
            HeldEpisode(
                rating_key,
                season,
                number,
                title,
                date.fromisoformat(air_date) if air_date else None,
                outside_ids(guid, guids.get(item_id, ())),
                tuple(files.get(item_id, ())),
            ),
        )


def pictured(connection: sqlite3.Connection, server: int, rating_key: str) -> Pictured | None:
    """The picture of one available item."""
    row = connection.execute(
        "SELECT i.title, i.kind, s.thumb FROM item i JOIN item_state s USING (item_id) "
        "WHERE i.server_id = ? AND i.rating_key = ? AND s.available = 1",
        (server, rating_key),
    ).fetchone()
    return None if row is None else Pictured(row[0], Kind(row[1]), row[2])


def _guids(connection: sqlite3.Connection, item_ids: Sequence[int] | None) -> Mapping[int, list[tuple[str, str]]]:
    """Guids by item id; None: of every item."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for rows in _of_items(connection, "SELECT item_id, source, value FROM item_guid", item_ids):
        for item_id, source, value in rows:
            found[item_id].append((source, value))
    return found


def _files(connection: sqlite3.Connection, item_ids: Sequence[int] | None) -> Mapping[int, list[HeldFile]]:
    found: defaultdict[int, list[HeldFile]] = defaultdict(list)
    for rows in _of_items(connection, "SELECT item_id, file, duration_ms FROM part", item_ids):
        for item_id, file, duration_ms in rows:
            found[item_id].append(HeldFile(file, duration_ms))
    return found


def _of_items(
    connection: sqlite3.Connection, question: str, item_ids: Sequence[int] | None
) -> Iterator[Iterable[tuple[Any, ...]]]:
    """The rows in pieces: handing on each by itself would take longer than reading it."""
    if item_ids is None:
        yield connection.execute(question)
        return
    for some in chunks(item_ids):
        yield connection.execute(f"{question} WHERE item_id IN ({many(some)})", some)
