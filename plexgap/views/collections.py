"""What the page Collections shows, made from the report. Changes when the page says, counts or sorts otherwise.

Plain text throughout: whoever draws it escapes it. Every count comes from the report's FilmTally. Source:
design/screens.md 4 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from plexgap.domain.plain import has_words
from plexgap.domain.verdicts import State
from plexgap.views import collections_said as said
from plexgap.views import words
from plexgap.views.collections_said import Glance
from plexgap.views.films import CollectionReport, FilmToMap
from plexgap.views.missing import IgnoredRow, Quiet, Tone, ignored_rows
from plexgap.views.report import NOT_CHECKED, Report


class Pick(StrEnum):
    """Which collections are listed."""

    GAPS = "gaps"
    ANNOUNCED = "announced"
    COMPLETE = "complete"
    UNKNOWN = "not-checked"


class Sort(StrEnum):
    NEARLY = "nearly-complete"
    MOST = "most-missing"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see. `pick` None: every collection. `search`: words of a collection's or film's name."""

    pick: Pick | None = Pick.GAPS
    search: str = ""
    sort: Sort = Sort.NEARLY


@dataclass(frozen=True, slots=True)
class CollectionsView:
    """The page but for its list. `picks`: what can be listed, with its count; `need`: films in no collection as yet,
    questions to the person first."""

    heading: str
    status: str
    tone: Tone
    glance: Glance | None
    picks: tuple[tuple[Pick, str], ...]
    need: tuple[FilmToMap, ...]
    ignored: tuple[IgnoredRow, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """What was asked for. `found`: in its order; `order`: the ids of every collection in that order, to be kept while
    the page stands. `nothing`: why none is listed although there are some, and `elsewhere`: how many a search would
    find if all were listed. `quiet` stands where there is nothing to list."""

    found: tuple[CollectionReport, ...]
    order: tuple[str, ...]
    quiet: Quiet | None
    nothing: str
    elsewhere: int


SORTS = {
    Sort.NEARLY: "Nearly complete first",
    Sort.MOST: "Most missing first",
    Sort.NAME: "By name",
}
_PICKS = {
    Pick.GAPS: "With gaps",
    Pick.ANNOUNCED: "Announced",
    Pick.COMPLETE: "Complete",
    Pick.UNKNOWN: "Not checked",
}
_OF = {
    Pick.GAPS: "collection with gaps",
    Pick.ANNOUNCED: "collection with an announced film",
    Pick.COMPLETE: "complete collection",
    Pick.UNKNOWN: "collection that was not checked",
    None: "collection",
}


def collections_title(report: Report) -> str:
    """The page's name in the navigation: "Collections 31", at 0 without a number."""
    missing = report.films.tally.missing
    return f"Collections {words.number(missing)}" if missing else "Collections"


def collections(report: Report, zone: tzinfo) -> CollectionsView:
    """The page at the report's moment, in the reader's zone."""
    films = report.films
    status, tone = said.status(report, zone)
    picks = tuple((pick, f"{label} {words.number(_counted(report, pick))}") for pick, label in _PICKS.items())
    return CollectionsView(
        heading=said.heading(report),
        status=status,
        tone=tone,
        glance=said.glance(report) if films.collections else None,
        picks=picks if films.collections else (),
        need=films_that_ask(report),
        ignored=ignored_rows(report, zone, of_shows=False),
    )


def listed(
    report: Report, asked: Asked, zone: tzinfo, *, checking: bool = False, order: tuple[str, ...] = ()
) -> ListView:
    """The list of the page, in the reader's zone. `checking`: a check runs at this moment.

    `order`: ids of collections as they stand on the screen; those stay in that order, so that nothing moves under the
    hand.
    """
    in_order = _sorted(report.collections, asked.sort, order)
    matching = tuple(one for one in in_order if _matches(one, asked.search))
    found = tuple(one for one in matching if _is_picked(one, asked.pick))
    is_search = bool(asked.search.strip())
    is_empty = not in_order or (asked.pick is Pick.GAPS and not found and not is_search)
    quiet = said.quiet(report, zone, checking) if is_empty else None
    return ListView(
        found=found,
        order=tuple(one.collection_id for one in in_order),
        quiet=quiet,
        nothing="" if found or is_empty else _nothing(asked),
        elsewhere=len(matching) - len(found) if is_search else 0,
    )


# ---------------------------------------------------------------- which, and in which order


def _counted(report: Report, pick: Pick) -> int:
    tally = report.films.tally
    counts = {
        Pick.GAPS: tally.with_gaps,
        Pick.ANNOUNCED: tally.with_announced,
        Pick.COMPLETE: tally.complete,
        Pick.UNKNOWN: tally.unknown,
    }
    return counts[pick]


def _is_picked(one: CollectionReport, pick: Pick | None) -> bool:
    match pick:
        case None:
            return True
        case Pick.GAPS:
            return one.state is State.GAPS
        case Pick.COMPLETE:
            return one.state is State.COMPLETE
        case Pick.ANNOUNCED:
            return one.is_judged and bool(one.announced)
        case Pick.UNKNOWN:
            return not one.is_judged


def _sorted(found: Iterable[CollectionReport], sort: Sort, order: tuple[str, ...]) -> tuple[CollectionReport, ...]:
    """By what was asked for, then by name; but for those that stand on the screen already."""
    place = {collection_id: index for index, collection_id in enumerate(order)}

    def key(one: CollectionReport) -> tuple[int, float, float, str, int]:
        missing, part = len(one.missing), one.held / one.listed if one.listed else 0.0
        first = {Sort.NEARLY: (missing, -part), Sort.MOST: (-missing, -part), Sort.NAME: (0, 0.0)}[sort]
        return (place.get(one.collection_id, len(place)), *first, one.name.casefold(), one.tmdb_id)

    return tuple(sorted(found, key=key))


def _matches(one: CollectionReport, search: str) -> bool:
    """Whether every word of the search stands in the names of the collection and its films, accents aside."""
    return not search.strip() or has_words(" ".join((one.name, *(line.title for line in one.lines))), search)


def _nothing(asked: Asked) -> str:
    search = asked.search.strip()
    return f'No {_OF[asked.pick]} matches "{search}".' if search else f"There is no {_OF[asked.pick]}."


# ---------------------------------------------------------------- films that wait


def films_that_ask(report: Report) -> tuple[FilmToMap, ...]:
    """Films in no collection as yet that need an answer or a new try: questions only the person can answer first."""
    return tuple(sorted((film for film in report.films.open if _asks(film)), key=_need_order))


def _asks(film: FilmToMap) -> bool:
    """Whether it needs an answer or a new try, and not just the first check that is still to come."""
    return film.state is State.NEEDS_MAPPING or film.reason != NOT_CHECKED


def _need_order(film: FilmToMap) -> tuple[bool, str, int]:
    """Questions only the person can answer first."""
    return (film.state is not State.NEEDS_MAPPING, film.title.casefold(), film.year or 0)


def differences(shown: Report, now: Report) -> int:
    """How many collections would look different if the list were drawn anew; 0 while it stands as it is."""
    if shown.films is now.films:
        return 0
    before = {one.collection_id: _looks(one) for one in shown.collections}
    after = {one.collection_id: _looks(one) for one in now.collections}
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def _looks(one: CollectionReport) -> tuple[object, ...]:
    return (one.state, one.name, one.held, one.listed, tuple((line.tmdb_id, line.standing) for line in one.lines))
