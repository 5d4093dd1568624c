"""A report as lines of text, as people know them from a terminal. Changes when its wording there changes.

Source of the form: design/interface.md 3, "Text".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from plexgap.domain.catalogue import AIRED
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.gaps.orders import order_words
from plexgap.gaps.rules import air_moment
from plexgap.views import scope
from plexgap.views.export import is_future, suggestion, upcoming
from plexgap.views.film_lines import collection_lines, coming_films, film_summary_lines, offered, open_lines
from plexgap.views.health import findings
from plexgap.views.report import EpisodeLine, Report, SeasonReport, ShowReport
from plexgap.views.words import be, count, season_name

SHOWN_LINES = 10
_NEED_WORDS = {
    State.SUSPECT: "Suspect",
    State.NEEDS_MAPPING: "Needs mapping",
    State.UNKNOWN: "Unknown",
}


def missing_lines(report: Report, *, every_line: bool = False) -> Iterator[str]:
    """Each show with gaps, season by season, and each collection with gaps; then a line a title that was not judged;
    then the summary.

    A season, a collection, and a list of films that were not judged stop after 10 lines unless `every_line`.
    """
    most = None if every_line else SHOWN_LINES
    names = Names(report.shows)
    for show in report.shows:
        if show.state is State.GAPS:
            yield f"{names.of(show)} (missing {_how_many(show)}):"
            for season in show.all_seasons:
                yield from _season_lines(season, report.as_of, every_line)
    yield from collection_lines(report.films, report.as_of, most)
    yield from need_lines(report, names)
    yield from open_lines(report.films, most)
    yield from summary_lines(report)


def upcoming_lines(report: Report) -> Iterator[str]:
    """The future episodes of judged shows and films of judged collections by day, each day under its date."""
    names = Names(report.shows)
    episodes = [
        (line.air_date, names.of(show), line.number, _episode(line, dated=False))
        for show in report.shows
        if show.is_judged
        for _, line in upcoming(show, report.as_of)
        if line.air_date is not None
    ]
    films = coming_films(report.films, report.as_of)
    shown = None
    for day, name, _, text in sorted([*episodes, *films], key=lambda row: (row[0], row[1].casefold(), row[2])):
        if day != shown:
            yield f"{day.isoformat()}{_nearness(day, report.as_of)}:"
            shown = day
        yield f"    - {name} - {text}"
    known = [count(len(some), f"upcoming {word}") for some, word in ((episodes, "episode"), (films, "film")) if some]
    yield f"{' and '.join(known)}." if known else "No upcoming episode is known."


def need_lines(report: Report, names: Names) -> Iterator[str]:
    """One line a title that is suspect, needs mapping or is unknown, in this order, each with its reason; then how to
    choose where there is a choice."""
    for state, word in _NEED_WORDS.items():
        for show in report.shows:
            if show.state is state:
                reason = show.reason or "no reason is known."
                more = f" {suggestion(show)}" if state is State.SUSPECT else ""
                yield f"{word}: {names.of(show)}: {reason}{more}{offered(show)}"
    if any(map(offered, report.shows)):
        yield "Say which show a title is with: override TITLE --tmdb ID"


def summary_lines(report: Report) -> Iterator[str]:
    """The totals, and what keeps them from being the whole truth."""
    if Kind.SHOW in report.kinds:
        yield from _show_summary(report)
    yield from film_summary_lines(report.films)
    if report.kinds == (Kind.MOVIE,) and not report.films.tally.films and not report.films.problem:
        yield "There is no film."
    for unread in report.unread:
        yield f"{unread.section}: {unread.reason}" if unread.section else unread.reason
    for held_back in report.held_back:
        titles = count(held_back.count, "title")
        yield (
            f"{titles} of {held_back.section} {be(held_back.count)} no longer in Plex but still held for the totals. "
            "Take them out with: scan --accept-removals"
        )


def _show_summary(report: Report) -> Iterator[str]:
    tally = report.tally
    missing = tally.missing_ongoing + tally.missing_archived
    if missing:
        gaps = count(tally.shows_ongoing + tally.shows_archived, "show")
        parts = [f"{count(missing, 'episode')} missing in {gaps}"]
        if tally.missing_ongoing and tally.missing_archived:
            parts.append(f"{tally.missing_ongoing} in ongoing ones, {tally.missing_archived} in archived ones")
        yield f"{', '.join(parts)}."
    else:
        yield _nothing_missing(report)
    if tally.missing_specials:
        yield f"{count(tally.missing_specials, 'special')} missing."
    if tally.shows:
        yield f"{count(tally.shows, 'show')}: {', '.join(_states(report))}."


def _nothing_missing(report: Report) -> str:
    """Says it of no more than what was judged."""
    tally = report.tally
    nothing = scope.empty(report)
    if nothing is not None:
        return nothing.sentence
    if not tally.shows:
        return "There is no show."
    if tally.shows == tally.need_you:
        return "No show could be judged."
    return "No episode is missing." if report.shows_complete else "No episode is missing of what could be judged."


def why_lines(show: ShowReport, as_of: datetime) -> Iterator[str]:
    """Why a title stands as it does: source, order, date of the check, and a line of reason for each absent episode."""
    year = f" ({show.year})" if show.year else ""
    yield f"{show.title}{year}: {show.state.value.replace('_', ' ')}"
    if show.reason:
        yield f"  {show.reason}{offered(show)}"
    yield f"  Libraries: {', '.join(show.libraries)}. Plex items: {', '.join(show.rating_keys)}."
    if show.provider is not None:
        name, order = show.provider.label, order_words(show.order or AIRED)
        source = f" ({show.order_source})" if show.order_source else ""
        status = show.status or "not given"
        yield f"  Compared with {name} {show.show_id} in {order}{source}, status: {status}."
    if show.checked_at is not None:
        stale = " The last look failed, so this is what was known then." if show.stale else ""
        yield f"  Listing of {show.checked_at:%Y-%m-%d %H:%M} UTC.{stale}"
    if show.fit is not None and show.fit.counted:
        yield f"  {show.fit.confirmed} of {show.fit.counted} numbers in Plex are confirmed by id, date or title."
    yield f"  {show.held} of {show.listed} aired episodes are held."
    yield from (f"  {told}" for told in findings(show))
    for season in show.all_seasons:
        for line in season.lines:
            standing = "upcoming" if is_future(line, as_of) else line.standing.value.replace("_", " ")
            yield f"    - {_episode(line)}: {standing}. {line.why}".rstrip()


class Names:
    """How each show is called: by its title, with the year where two shows of the report share it."""

    def __init__(self, shows: Iterable[ShowReport]) -> None:
        self._uses = Counter(show.title.casefold() for show in shows)

    def of(self, show: ShowReport) -> str:
        title = " ".join(show.title.split())
        shared = self._uses[show.title.casefold()] > 1
        return f"{title} ({show.year})" if shared and show.year else title


def _how_many(show: ShowReport) -> str:
    """ "3 episodes", "1 episode and 2 specials", "1 special"."""
    specials = len(show.specials.missing) if show.specials else 0
    counts = ((show.missing_regular, "episode"), (specials, "special"))
    return " and ".join(count(many, word) for many, word in counts if many)


def _season_lines(season: SeasonReport, as_of: datetime, every_line: bool) -> Iterator[str]:
    missing = season.missing
    if not missing:
        return
    yield f"  {season_name(season.season)}:"
    shown = missing if every_line else missing[:SHOWN_LINES]
    for line in shown:
        marks = [word for word, holds in (("upcoming", is_future(line, as_of)), ("removed", line.removed)) if holds]
        yield f"    - {_episode(line)}" + (f" [{', '.join(marks)}]" if marks else "")
    if len(shown) < len(missing):
        yield f"    ... and {len(missing) - len(shown)} more"


def _episode(line: EpisodeLine, *, dated: bool = True) -> str:
    title = f" - {' '.join(line.title.split())}" if line.title.strip() else ""
    day = f" ({line.air_date.isoformat()})" if dated and line.air_date else ""
    return f"{line.number}{title}{day}"


def _nearness(day: date, as_of: datetime) -> str:
    is_tomorrow = air_moment(day) - as_of <= timedelta(days=1)
    return " (tomorrow)" if is_tomorrow else ""


def _states(report: Report) -> Iterator[str]:
    """ "40 complete, 12 with gaps, 1 suspect, 2 need mapping, 3 unknown": only what occurs."""
    tally = report.tally
    states = Counter(show.state for show in report.shows)
    yield f"{tally.complete} complete"
    for many, word in (
        (tally.with_gaps, "with gaps"),
        (states[State.SUSPECT], "suspect"),
        (states[State.NEEDS_MAPPING], "in need of mapping"),
        (tally.unknown, "unknown"),
    ):
        if many:
            yield f"{many} {word}"
