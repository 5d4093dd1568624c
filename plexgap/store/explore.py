"""The titles that the mirror holds, searched and paged, and what one of them consists of. Read only.

Changes when the page Explore asks or shows something else of them. Sizes count a file once, however many episodes or
versions name it.
"""

# ruff: noqa: S608 - only placeholders and pieces of our own are put into a question
from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plexgap.domain.library import Kind
from plexgap.domain.plain import has_words
from plexgap.store.database import chunks, many


@dataclass(frozen=True, slots=True)
class Sought:
    """Which titles are wanted; what is empty asks for nothing. `sections`: uuids. `decades`: their first years.
    `resolutions`, `codecs`: as Plex spells them; one version of the title must be of both."""

    search: str = ""
    sections: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    resolutions: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A show or film. `seasons`, `episodes`: 0 of a film; a season without a number counts as one. `size`: bytes."""

    rating_key: str
    kind: Kind
    title: str
    year: int | None
    library: str
    seasons: int = 0
    episodes: int = 0
    size: int = 0
    resolutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldTitles:
    """A page of them, by title, year and library. `total`: how many there are on all pages."""

    total: int
    titles: tuple[HeldTitle, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What titles can be told apart by: each value that the mirror has, decades newest first, the rest by name."""

    decades: tuple[int, ...]
    resolutions: tuple[str, ...]
    codecs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldSeason:
    """`number` None: of episodes without one."""

    number: int | None
    episodes: int
    size: int
    resolutions: tuple[str, ...]
    codecs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a film, as its files lie on the server."""

    files: tuple[str, ...]
    size: int
    resolution: str
    codec: str
    container: str


@dataclass(frozen=True, slots=True)
class HeldDetail:
    """One title, opened: seasons of a show in their order, versions of a film in Plex's."""

    title: HeldTitle
    seasons: tuple[HeldSeason, ...] = ()
    versions: tuple[Version, ...] = ()


_FROM = (
    "FROM section sec JOIN item i ON i.section_id = sec.section_id AND i.kind = sec.kind "
    "JOIN item_state s ON s.item_id = i.item_id "
    "WHERE sec.server_id = ? AND sec.kind IN ('show', 'movie') AND s.available = 1"
)
_IN_ORDER = "ORDER BY coalesce(nullif(i.title_sort, ''), i.title) COLLATE NOCASE, i.year, i.item_id"
_TITLE = f"SELECT i.rating_key, i.kind, i.title, i.year, sec.title, i.item_id {_FROM}"
_LEAVES = (
    "FROM item e JOIN item_state es ON es.item_id = e.item_id "
    "WHERE e.server_id = ? AND e.kind = 'episode' AND es.available = 1"
)
_HAS_WORDS = "has_words"


def titles(connection: sqlite3.Connection, server: int, sought: Sought, offset: int, limit: int) -> HeldTitles:
    """Those that are wanted, from that place on. What only a page of them needs is read for that page alone."""
    where, values = _where(sought)
    connection.create_function(_HAS_WORDS, 2, has_words, deterministic=True)
    found = connection.execute(f"SELECT i.rating_key {_FROM}{where} {_IN_ORDER}", (server, *values)).fetchall()
    keys = [key for (key,) in found[offset : offset + limit]]
    by_key = {title.rating_key: title for title in _read(connection, server, keys)}
    return HeldTitles(len(found), tuple(by_key[key] for key in keys if key in by_key))


def detail(connection: sqlite3.Connection, server: int, rating_key: str) -> HeldDetail | None:
    """One title; None where it is not held."""
    title = next(iter(_read(connection, server, [rating_key])), None)
    if title is None:
        return None
    if title.kind is Kind.SHOW:
        return HeldDetail(title, seasons=_seasons(connection, server, rating_key))
    return HeldDetail(title, versions=_versions(connection, server, rating_key))


def facets(connection: sqlite3.Connection, server: int) -> Facets:
    """Of all that the mirror knows of, also of what Plex has no more. It reads every row of `media`."""
    decades = connection.execute(
        "SELECT DISTINCT i.year / 10 * 10 FROM section sec JOIN item i ON i.section_id = sec.section_id "
        "AND i.kind = sec.kind WHERE sec.server_id = ? AND i.year > 0 ORDER BY 1 DESC",
        (server,),
    ).fetchall()
    kinds = connection.execute("SELECT DISTINCT resolution, video_codec FROM media").fetchall()
    return Facets(
        tuple(decade for (decade,) in decades),
        tuple(sorted({resolution for resolution, _ in kinds if resolution})),
        tuple(sorted({codec for _, codec in kinds if codec})),
    )


def sizes(connection: sqlite3.Connection, server: int, rating_keys: Sequence[str]) -> dict[str, int]:
    """Bytes on disk of single items, films or episodes, by rating key; those without a file are left out."""
    found: dict[str, int] = {}
    for keys in chunks(rating_keys):
        found.update(
            connection.execute(
                "SELECT rating_key, sum(size) FROM (SELECT DISTINCT i.rating_key, p.file, p.size FROM item i "
                f"JOIN part p ON p.item_id = i.item_id WHERE i.server_id = ? AND i.rating_key IN ({many(keys)})) "
                "GROUP BY rating_key",
                (server, *keys),
            )
        )
    return found


def _where(sought: Sought) -> tuple[str, list[object]]:
    """The conditions, each with its "AND", and their values in order."""
    parts: list[str] = []
    values: list[object] = []
    if sought.sections:
        parts.append(f"sec.uuid IN ({many(sought.sections)})")
        values += sought.sections
    if sought.decades:
        parts.append(f"i.year / 10 * 10 IN ({many(sought.decades)})")
        values += sought.decades
    if sought.search.strip():
        parts.append(f"{_HAS_WORDS}(i.title || ' ' || i.original_title, ?)")
        values.append(sought.search)
    media, wanted = _of_media(sought)
    if media:
        of_show = (  # CROSS: most rows are told apart by their media, before more is read of them
            "SELECT 1 FROM item e CROSS JOIN media m CROSS JOIN item_state es WHERE e.server_id = i.server_id "
            "AND e.show_key = i.rating_key AND e.kind = 'episode' AND m.item_id = e.item_id "
            "AND es.item_id = e.item_id AND es.available = 1"
        )
        parts.append(
            f"CASE i.kind WHEN 'show' THEN EXISTS ({of_show} AND {media}) "
            f"ELSE EXISTS (SELECT 1 FROM media m WHERE m.item_id = i.item_id AND {media}) END"
        )
        values += [*wanted, *wanted]
    return "".join(f" AND {part}" for part in parts), values


def _of_media(sought: Sought) -> tuple[str, tuple[str, ...]]:
    parts = []
    if sought.resolutions:
        parts.append(f"m.resolution IN ({many(sought.resolutions)})")
    if sought.codecs:
        parts.append(f"m.video_codec IN ({many(sought.codecs)})")
    return " AND ".join(parts), (*sought.resolutions, *sought.codecs)


def _read(connection: sqlite3.Connection, server: int, keys: Sequence[str]) -> list[HeldTitle]:
    """These titles with what they hold, in no order."""
    found: list[HeldTitle] = []
    for some in chunks(keys):
        rows = connection.execute(f"{_TITLE} AND i.rating_key IN ({many(some)})", (server, *some)).fetchall()
        shows = [row[0] for row in rows if row[1] == Kind.SHOW]
        leaves = _leaves(connection, server, shows)
        films = [row[5] for row in rows if row[1] == Kind.MOVIE]
        whole = _of_shows(connection, server, shows) | _of_films(connection, films)
        for key, kind, title, year, library, item_id in rows:
            seasons, episodes = leaves.get(key, (0, 0))
            held = whole.get(key if kind == Kind.SHOW else item_id, _NOTHING)
            found.append(
                HeldTitle(key, Kind(kind), title, year, library, seasons, episodes, held.size, held.resolutions)
            )
    return found


@dataclass(slots=True)
class _Files:
    """What lies on disk of something."""

    sizes: dict[str, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    video: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    @property
    def resolutions(self) -> tuple[str, ...]:
        return tuple(sorted(self.kinds - {""}))

    @property
    def codecs(self) -> tuple[str, ...]:
        return tuple(sorted(self.video - {""}))


_NOTHING = _Files()


def _leaves(connection: sqlite3.Connection, server: int, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many seasons and episodes each show has."""
    if not keys:
        return {}
    question = f"SELECT e.show_key, count(DISTINCT coalesce(e.season, -1)), count(*) {_LEAVES} AND e.show_key IN "
    rows = connection.execute(f"{question}({many(keys)}) GROUP BY e.show_key", (server, *keys))
    return {key: (seasons, episodes) for key, seasons, episodes in rows}


def _of_shows(connection: sqlite3.Connection, server: int, keys: Sequence[str]) -> dict[object, _Files]:
    if not keys:
        return {}
    of = _LEAVES.replace("WHERE", "JOIN {} ON {}.item_id = e.item_id WHERE")
    where = f"AND e.show_key IN ({many(keys)})"
    files = f"SELECT e.show_key, p.file, p.size {of.format('part p', 'p')} {where}"
    media = f"SELECT DISTINCT e.show_key, m.resolution, m.video_codec {of.format('media m', 'm')} {where}"
    return _gathered(connection.execute(files, (server, *keys)), connection.execute(media, (server, *keys)))


def _of_films(connection: sqlite3.Connection, item_ids: Sequence[int]) -> dict[object, _Files]:
    if not item_ids:
        return {}
    where = f"WHERE item_id IN ({many(item_ids)})"
    return _gathered(
        connection.execute(f"SELECT item_id, file, size FROM part {where}", item_ids),
        connection.execute(f"SELECT item_id, resolution, video_codec FROM media {where}", item_ids),
    )


def _gathered(parts: Iterable[tuple[Any, ...]], media: Iterable[tuple[Any, ...]]) -> dict[object, _Files]:
    """By owner: from rows of (owner, file, size), and of (owner, resolution, codec)."""
    found: defaultdict[object, _Files] = defaultdict(_Files)
    for owner, file, size in parts:
        found[owner].sizes[file] = size
    for owner, resolution, codec in media:
        found[owner].kinds.add(resolution)
        found[owner].video.add(codec)
    return dict(found)


def _seasons(connection: sqlite3.Connection, server: int, show_key: str) -> tuple[HeldSeason, ...]:
    counted: Mapping[int | None, int] = dict(
        connection.execute(
            f"SELECT e.season, count(*) {_LEAVES} AND e.show_key = ? GROUP BY e.season", (server, show_key)
        ).fetchall()
    )
    of = _LEAVES.replace("WHERE", "JOIN {} ON {}.item_id = e.item_id WHERE") + " AND e.show_key = ?"
    held = _gathered(
        connection.execute(f"SELECT e.season, p.file, p.size {of.format('part p', 'p')}", (server, show_key)),
        connection.execute(
            f"SELECT DISTINCT e.season, m.resolution, m.video_codec {of.format('media m', 'm')}", (server, show_key)
        ),
    )
    order = sorted(counted, key=lambda number: (number is None, not number, number or 0))
    return tuple(
        HeldSeason(number, counted[number], files.size, files.resolutions, files.codecs)
        for number in order
        for files in (held.get(number, _NOTHING),)
    )


def _versions(connection: sqlite3.Connection, server: int, rating_key: str) -> tuple[Version, ...]:
    rows = connection.execute(
        "SELECT m.position, m.resolution, m.video_codec, m.container, p.file, p.size "
        "FROM item i JOIN media m ON m.item_id = i.item_id LEFT JOIN part p ON p.item_id = m.item_id "
        "AND p.media_position = m.position WHERE i.server_id = ? AND i.rating_key = ? ORDER BY m.position, p.position",
        (server, rating_key),
    ).fetchall()
    found: defaultdict[tuple[int, str, str, str], list[tuple[str, int]]] = defaultdict(list)
    for position, resolution, video, container, file, size in rows:
        parts = found[position, resolution, video, container]
        if file is not None:
            parts.append((file, size))
    return tuple(
        Version(tuple(file for file, _ in parts), sum(size for _, size in parts), resolution, video, container)
        for (_, resolution, video, container), parts in found.items()
    )
