"""A section's listing: which rows, in which order, which page. Changes when a listing can be asked in a new way.

Sorted by `addedAt`, as a sweep asks, a page is a bisect. The few episodes that were written to or watched last, as a
probe asks, come from the ends of runs. Every other order or filter walks the whole section once and keeps the result
until the library moves. Source: reference/plex.md 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import cast

from plexgap.demo.library import ALBUM, ARTIST, EPISODE, MOVIE, SEASON, SHOW, TRACK, EpisodeAt, Found, Run, Section
from plexgap.demo.plex_rows import Rows
from plexgap.demo.plex_words import Row, Wanted

_FEW = 100
TOP_TYPES = {"movie": MOVIE, "show": SHOW, "artist": ARTIST}
_BARE = Wanted(guids=True, without=frozenset({"Media", "Role", "Genre", "Director", "Writer", "Country"}))
# Parameters of a listing that are no filters.
_OPTIONS = frozenset(
    {
        "type",
        "sort",
        "limit",
        "includeGuids",
        "includeCollections",
        "includeMeta",
        "includeAdvanced",
        "includeExternalMedia",
        "checkFiles",
        "excludeElements",
        "excludeFields",
        "includeFields",
        "includeElements",
        "includeDetails",
        "skipRefresh",
        "nocache",
    }
)
_SORTS = frozenset(
    {
        "addedAt",
        "updatedAt",
        "titleSort",
        "title",
        "lastViewedAt",
        "originallyAvailableAt",
        "year",
        "viewCount",
        "index",
    }
)


class BadListing(Exception):
    """A sort or filter that no section has: Plex answers 400."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A listing as it is asked: `sort` a field, `filters` (field, operator, value)."""

    kind: int
    sort: str
    descending: bool
    filters: tuple[tuple[str, str, str], ...]
    limit: int | None = None


def read_asked(section: Section, query: dict[str, str]) -> Asked:
    """The question in a query. BadListing for a sort that is none."""
    kind = query.get("type", "")
    by, _, direction = query.get("sort", "").partition(",")[0].partition(":")
    field = by.rpartition(".")[2] or "titleSort"
    if field not in _SORTS or not re.fullmatch(r"[0-9]*", kind):
        raise BadListing(query.get("sort", ""))
    filters = tuple(
        (*_operator(name), value)
        for name, value in query.items()
        if name not in _OPTIONS and not name.lower().startswith("x-plex-")
    )
    limit = query.get("limit", "")
    return Asked(
        kind=int(kind or TOP_TYPES[section.kind]),
        sort=field,
        descending=direction == "desc",
        filters=filters,
        limit=int(limit) if re.fullmatch(r"[0-9]+", limit) else None,
    )


def _operator(name: str) -> tuple[str, str]:
    """Field and operator of a parameter's name: "updatedAt>>" says after. A scope such as "show." is left out."""
    field = name.rstrip("<>!=&").rpartition(".")[2]
    return field, name[len(name.rstrip("<>!=&")) :]


class Listings:
    """The listings of one library."""

    def __init__(self, rows: Rows, revision: Callable[[], int]) -> None:
        self._rows = rows
        self._revision = revision
        self._kept: dict[tuple[str, Asked], tuple[int, list[Found]]] = {}

    def total(self, section: Section, asked: Asked) -> int:
        count = self._plain_count(section, asked.kind) if not asked.filters else len(self._walked(section, asked))
        return count if asked.limit is None else min(count, asked.limit)

    def page(self, section: Section, asked: Asked, start: int, size: int) -> Iterator[Found]:
        """Rows `start`.. of the listing, at most `size`."""
        total = self.total(section, asked)
        stop = min(start + size, total)
        if asked.kind == EPISODE and not asked.filters and asked.sort == "addedAt":
            if asked.descending:
                found = [EpisodeAt(*pair) for pair in section.episodes(max(0, total - stop), max(0, total - start))]
                yield from reversed(found)
            else:
                yield from (EpisodeAt(*pair) for pair in section.episodes(start, stop))
            return
        if asked.kind == EPISODE and not asked.filters and asked.descending and stop <= _FEW:
            value = {"updatedAt": self._updated, "lastViewedAt": self._viewed}.get(asked.sort)
            newest = self._newest(section, value, stop) if value is not None else []
            if value is not None and len(newest) == stop:
                yield from newest[start:]
                return
        yield from self._walked(section, asked)[start:stop]

    def _newest(self, section: Section, value: Callable[[EpisodeAt], tuple[int, int]], count: int) -> list[EpisodeAt]:
        """The episodes with the greatest times, at most `count` and fewer where others have none: in a run times rise,
        but for the odd ones."""

        def last(run: Run) -> int:
            """How many of its episodes have such a time."""
            if value == self._viewed:
                return run.watched
            return 0 if run.entry.silent else run.count

        # Each run's greatest time is that of its last one, so that more runs than episodes are never needed.
        runs = nlargest(count, section.runs, key=lambda run: run.added + last(run) if last(run) else 0)
        places = {run.key: set(range(max(0, last(run) - count), last(run))) for run in runs}
        for run_key, odd in self._rows.odd_places(section).items():
            places.setdefault(run_key, set()).update(odd)
        found = (EpisodeAt(run, place) for run in section.runs for place in places.get(run.key, ()))
        return [one for one in nlargest(count, found, key=value) if value(one)[0]]

    def _updated(self, found: EpisodeAt) -> tuple[int, int]:
        silent = found.run.entry.silent
        return (0 if silent else self._rows.updated(found.run, found.place), found.key)

    def _viewed(self, found: EpisodeAt) -> tuple[int, int]:
        views = self._rows.views(found.run, found.place)
        return (views[1] if views is not None else 0, found.key)

    def _plain_count(self, section: Section, kind: int) -> int:
        return section.episode_count if kind == EPISODE else sum(1 for _ in _all(section, kind))

    def _walked(self, section: Section, asked: Asked) -> list[Found]:
        """The whole listing, filtered and sorted, kept until the library moves."""
        revision = self._revision()
        kept = self._kept.get((section.key, asked))
        if kept is not None and kept[0] == revision:
            return kept[1]
        pairs = [(found, self._rows.of(found, _BARE)) for found in _all(section, asked.kind)]
        for field, operator, value in asked.filters:
            pairs = [pair for pair in pairs if _passes(pair[1], field, operator, value)]
        pairs.sort(key=lambda pair: _sort_value(pair[1], asked.sort), reverse=asked.descending)
        if len(self._kept) > 50:
            self._kept.clear()
        self._kept[(section.key, asked)] = (revision, result := [found for found, _ in pairs])
        return result


def _all(section: Section, kind: int) -> Iterator[Found]:
    if kind == SHOW:
        yield from section.entries
    elif kind == SEASON:
        yield from section.seasons
    elif kind == EPISODE:
        yield from (EpisodeAt(*pair) for pair in section.episodes(0, section.episode_count))
    elif kind == MOVIE:
        yield from section.films
    elif kind in (ARTIST, ALBUM, TRACK):
        yield from (thing for thing in section.music if thing.kind == kind)


def _sort_value(row: Row, field: str) -> tuple[int, str, int]:
    """Sorts numbers as numbers and titles without case; rows that lack the field first; then by rating key."""
    value = row.get(field, row.get("title", "") if field == "titleSort" else 0)
    key = int(cast(str, row["ratingKey"]))
    return (0, value.casefold(), key) if isinstance(value, str) else (int(cast(int, value)), "", key)


def _passes(row: Row, field: str, operator: str, value: str) -> bool:
    """Whether a row passes a filter. `a,b` is either."""
    if field == "unwatched":
        return ("viewCount" not in row) == (value == "1")
    if field == "unwatchedLeaves":
        return (row.get("viewedLeafCount") != row.get("leafCount")) == (value == "1")
    if field in ("guid", "id"):
        return value == row.get("guid")
    return any(_compares(row.get(field), operator, one) for one in value.split(","))


def _compares(have: object, operator: str, wanted: str) -> bool:
    if isinstance(have, int | float) and re.fullmatch(r"-?[0-9]+", wanted):
        number = int(wanted)
        return {">>": have > number, "<<": have < number, ">": have >= number, "<": have <= number}.get(
            operator, (have == number) != (operator == "!")
        )
    text, other = str(have or "").casefold(), wanted.casefold()
    if operator == "=":
        return text == other
    if operator == "<":
        return text.startswith(other)
    if operator == ">":
        return text.endswith(other)
    return (other in text) != (operator == "!")
