"""The list of the page Missing: which shows stand in it, in which order, and why it is empty. Changes when the list can
be asked for something else.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from plexgap.domain.ids import Source
from plexgap.domain.plain import has_words
from plexgap.domain.verdicts import Standing, State
from plexgap.views import words
from plexgap.views.card import newest_gap
from plexgap.views.missing import NEED_FIRST, Lane, needs, shows_that_ask
from plexgap.views.report import Group, Report, ShowReport

Missing = Mapping[str, tuple[str, ...]]
Counts = Mapping[str, int]
NOTHING_NEW: Counts = MappingProxyType({})


class Pick(StrEnum):
    """Which shows are listed."""

    GAPS = "gaps"
    NEW = "new"
    AIRED = "just-aired"
    NEED = "need-you"
    COMPLETE = "complete"


class Sort(StrEnum):
    NEWEST = "newest-gap"
    TITLE = "title"
    MOST = "most-missing"
    LAST = "last-aired"


SORTS = {
    Sort.NEWEST: "Newest gap first",
    Sort.TITLE: "By title",
    Sort.MOST: "Most missing first",
    Sort.LAST: "Last aired first",
}
GROUPS = {Group.ONGOING: "Ongoing", Group.ARCHIVED: "Archived"}
_PICKS = {
    Pick.GAPS: "With gaps",
    Pick.NEW: "New",
    Pick.AIRED: "Just aired",
    Pick.NEED: "Need you",
    Pick.COMPLETE: "Complete",
}
_OF = {
    Pick.GAPS: "show with gaps",
    Pick.NEW: "show with a new gap",
    Pick.AIRED: "show of which an episode has just aired",
    Pick.NEED: "show that needs you",
    Pick.COMPLETE: "complete show",
    None: "show",
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is left out of the list; nothing chosen leaves nothing out."""

    libraries: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    providers: tuple[Source, ...] = ()

    @property
    def chosen(self) -> int:
        """How many things are."""
        return len(self.libraries) + len(self.groups) + len(self.providers)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see. `pick` None: every show. `search`: words of a title. `ignored`: also shows of which
    something is ignored, and nothing else missing."""

    pick: Pick | None = Pick.GAPS
    search: str = ""
    sort: Sort = Sort.NEWEST
    narrowed: Narrowed = field(default=Narrowed())
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be asked for: picks with their counts, none where there is nothing to choose; what the list can be
    narrowed to, empty where there is but one of it."""

    picks: tuple[tuple[Pick, str], ...]
    libraries: tuple[str, ...]
    providers: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """What was asked for. `need`: shows in no total, the first of them where others are listed too, and `need_left` how
    many more there are. `order`: ids of all shows in the list's order, to be kept while the page stands. `nothing`: why
    nothing is listed although there are shows; `elsewhere`: how many a search would find if all were listed. `is_bare`:
    nothing was asked for but shows with gaps."""

    need: tuple[ShowReport, ...]
    need_left: int
    lanes: tuple[Lane, ...]
    order: tuple[str, ...]
    nothing: str
    elsewhere: int
    is_bare: bool


# ---------------------------------------------------------------- what is new


def missing_now(report: Report) -> Missing:
    """By title id, the episodes that are missing, those that are ignored for good too: none of them can become missing
    any more. What was known of a show that could not be judged counts."""
    found = {}
    for show in report.shows:
        known = tuple(
            str(line.number)
            for season in show.all_seasons
            for line in season.lines
            if line.standing is Standing.MISSING
            or (line.standing is Standing.IGNORED and line.ignore is not None and line.ignore.until is None)
        )
        if known:
            found[show.title_id] = known
    return found


def new_gaps(report: Report, before: Missing | None) -> Counts:
    """By title id, how many episodes are missing that were not `before`; None: nothing is known of before."""
    if before is None:
        return NOTHING_NEW
    found = {}
    for show in report.shows:
        if show.state is State.GAPS:
            known = frozenset(before.get(show.title_id, ()))
            fresh = sum(str(line.number) not in known for line in show.missing)
            if fresh:
                found[show.title_id] = fresh
    return found


# ---------------------------------------------------------------- what can be asked for


def offered(report: Report, new: Counts) -> Offered:
    """What the list can be asked for at this moment."""
    counts = {
        Pick.GAPS: report.tally.with_gaps,
        Pick.NEW: len(new),
        Pick.AIRED: sum(_has_aired(show) for show in report.shows),
        Pick.NEED: report.tally.need_you,
        Pick.COMPLETE: report.tally.complete,
    }
    libraries = sorted({library for show in report.shows for library in show.libraries}, key=str.casefold)
    providers = {show.provider for show in report.shows}
    return Offered(
        picks=tuple((pick, f"{label} {words.number(counts[pick])}") for pick, label in _PICKS.items())
        if report.shows
        else (),
        libraries=tuple(libraries) if len(libraries) > 1 else (),
        providers=tuple(source for source in Source if source in providers) if len(providers - {None}) > 1 else (),
    )


# ---------------------------------------------------------------- the list


def listed(report: Report, asked: Asked, new: Counts = NOTHING_NEW, order: tuple[str, ...] = ()) -> ListView:
    """The list of the page. `new`: as `new_gaps` counts.

    `order`: title ids as they stand on the screen; those stay in that order, so that nothing moves under the hand.
    """
    in_order = _sorted(report.shows, asked.sort, order)
    matching = [show for show in in_order if _is_wanted(show, asked)]
    found = [show for show in matching if not needs(show) and _is_picked(show, asked, new)]
    waiting = _need(report, asked)
    every = len(waiting) + sum(not needs(show) for show in matching)
    shown = waiting if asked.pick is Pick.NEED else waiting[:NEED_FIRST]
    search = asked.search.strip()
    is_bare = asked.pick is Pick.GAPS and not search and not asked.narrowed.chosen
    listed_here = len(found) + (len(waiting) if asked.pick in (Pick.NEED, Pick.GAPS, None) else 0)
    return ListView(
        need=shown if asked.pick in (Pick.NEED, Pick.GAPS, None) else (),
        need_left=len(waiting) - len(shown) if asked.pick in (Pick.GAPS, None) else 0,
        lanes=tuple(_lanes(found, asked)),
        order=tuple(show.title_id for show in in_order),
        nothing="" if listed_here or is_bare or not report.shows else _nothing(asked, search),
        elsewhere=every - listed_here if search and asked.pick is not None else 0,
        is_bare=is_bare,
    )


def _need(report: Report, asked: Asked) -> tuple[ShowReport, ...]:
    """Shows in no total. Where those alone are wanted, also what only its first check is still to come of."""
    asks = shows_that_ask(report)
    known = frozenset(show.title_id for show in asks)
    rest = (show for show in report.shows if needs(show) and show.title_id not in known)
    every = (*asks, *rest) if asked.pick is Pick.NEED else asks
    return tuple(show for show in every if _is_wanted(show, asked))


def _is_wanted(show: ShowReport, asked: Asked) -> bool:
    narrowed = asked.narrowed
    return (
        (not narrowed.libraries or any(library in narrowed.libraries for library in show.libraries))
        and (not narrowed.groups or show.group in narrowed.groups)
        and (not narrowed.providers or show.provider in narrowed.providers)
        and (not asked.search.strip() or has_words(show.title, asked.search))
    )


def _is_picked(show: ShowReport, asked: Asked, new: Counts) -> bool:
    """Of a show that was judged."""
    match asked.pick:
        case None:
            return True
        case Pick.GAPS:
            return show.state is State.GAPS or (asked.ignored and _is_ignored(show))
        case Pick.NEW:
            return show.title_id in new
        case Pick.AIRED:
            return _has_aired(show)
        case Pick.COMPLETE:
            return show.state is State.COMPLETE
        case Pick.NEED:
            return False


def _has_aired(show: ShowReport) -> bool:
    return not needs(show) and bool(show.of(Standing.JUST_AIRED))


def _is_ignored(show: ShowReport) -> bool:
    return show.state is State.COMPLETE and bool(show.of(Standing.IGNORED))


def _sorted(shows: Iterable[ShowReport], sort: Sort, order: tuple[str, ...]) -> list[ShowReport]:
    """By what was asked for, then by title; but for those that stand on the screen already."""
    place = {title_id: index for index, title_id in enumerate(order)}

    def first(show: ShowReport) -> int:
        match sort:
            case Sort.NEWEST:
                return -newest_gap(show).toordinal()
            case Sort.MOST:
                return -len(show.missing)
            case Sort.LAST:
                return -(show.last_aired or date.min).toordinal()
            case Sort.TITLE:
                return 0

    def key(show: ShowReport) -> tuple[int, int, str, int, str]:
        at = place.get(show.title_id, len(place))
        return (at, first(show), show.title.casefold(), show.year or 0, show.title_id)

    return sorted(shows, key=key)


def _lanes(found: Sequence[ShowReport], asked: Asked) -> Iterable[Lane]:
    """Shows with gaps, ongoing before archived; then those of which nothing is missing."""
    gaps = [show for show in found if show.state is State.GAPS]
    whole = [show for show in found if show.state is not State.GAPS]
    for group, title in GROUPS.items():
        shows = tuple(show for show in gaps if show.group is group)
        if shows:
            regular = sum(show.missing_regular for show in shows)
            specials = sum(len(show.missing) - show.missing_regular for show in shows)
            missing = words.count(regular, "episode") if regular else words.count(specials, "special")
            yield Lane(title, f"{missing} in {words.count(len(shows), 'show')}", shows)
    if whole:
        title = "Ignored" if asked.pick is Pick.GAPS else "Nothing missing"
        note = words.count(len(whole), "show")
        yield Lane(title, f"{note}, in no total" if asked.pick is Pick.GAPS else note, tuple(whole))


def _nothing(asked: Asked, search: str) -> str:
    """ "No show with gaps matches "lant"." or that there is none of what is picked."""
    what = _OF[asked.pick]
    if search:
        return f'No {what} matches "{search}".'
    return f"There is no {what}{' of what is chosen' if asked.narrowed.chosen else ''}."
