"""Builds reports by hand, for the tests of views: a show from rows of letters, a report from shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from plexgap.domain.decisions import Ignore, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.events import RunStatus, Stats
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Standing, State
from plexgap.views.builder import _tally as tally_of
from plexgap.views.report import (
    EpisodeLine,
    Group,
    HeldBack,
    Link,
    Report,
    RunSummary,
    SeasonReport,
    ShowReport,
)

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
STANDINGS = {
    "m": Standing.MISSING,
    "a": Standing.JUST_AIRED,
    "u": Standing.UPCOMING,
    "i": Standing.IGNORED,
    "d": Standing.UNDATED,
}


def season(number: int, row: str) -> SeasonReport:
    """A season from letters: h, m, a, u, i as in a report, and d for an episode without a date."""
    lines = tuple(
        EpisodeLine(
            EpisodeNumber(number, place),
            f"Title {number}x{place}",
            air_date(letter, number, place, row),
            STANDINGS[letter],
            episode_id=1000 * number + place,
            why=f"Nothing carries {number}x{place}.",
        )
        for place, letter in enumerate(row, start=1)
        if letter != "h"
    )
    return SeasonReport(
        season=number,
        row=row.replace("d", "u"),
        aired=sum(letter in "hmai" for letter in row),
        held=row.count("h"),
        lines=lines,
        link=Link("Debrid Media Manager", f"https://dmm.invalid/show/tt0000001/{number}") if number else None,
    )


def air_date(letter: str, number: int, place: int, row: str) -> date | None:
    if letter == "d":
        return None
    if letter == "a":
        return TODAY
    if letter == "u":
        return TODAY + timedelta(days=place - row.index("u"))
    return date(2010 + number, 2, 1) + timedelta(days=7 * (place - 1))


def show(
    title: str,
    *rows: str,
    year: int | None = 2019,
    state: State | None = None,
    reason: str | None = None,
    group: Group = Group.ONGOING,
    status: str = "Returning Series",
    specials: str = "",
    stale: bool = False,
    libraries: tuple[str, ...] = ("TV Shows",),
    chosen: Override | None = None,
) -> ShowReport:
    """A show from one row of letters a season; complete or with gaps by its letters, unless `state` says otherwise."""
    seasons = tuple(season(number, row) for number, row in enumerate(rows, start=1))
    found = State.GAPS if any("m" in row for row in (*rows, specials)) else State.COMPLETE
    key = str(sum(title.encode()) + (year or 0))
    return ShowReport(
        title_id=f"tmdb-{key}",
        ref=TitleRef(frozenset(), frozenset({f"plex://show/{key}"}), title, year),
        title=title,
        year=year,
        rating_keys=(key,),
        libraries=libraries,
        ids=frozenset(),
        state=state or found,
        reason=reason,
        status=status,
        group=group,
        provider=None if state is State.NEEDS_MAPPING else Source.TMDB,
        show_id=int(key),
        order="aired",
        order_source="default",
        checked_at=NOW - (timedelta(days=4) if stale else timedelta(hours=3)),
        held=sum(one.held for one in seasons),
        listed=sum(one.aired for one in seasons),
        seasons=seasons,
        specials=season(0, specials) if specials else None,
        poster_key=key,
        stale=stale,
        chosen=chosen,
    )


def report(
    *shows: ShowReport,
    status: RunStatus | None = RunStatus.OK,
    ago: timedelta = timedelta(hours=3),
    held_back: tuple[HeldBack, ...] = (),
    ignores: tuple[Ignore, ...] = (),
    before: datetime | None = None,
) -> Report:
    """These shows at NOW; `status` of the last run, None where none ended yet, and what was known `before` one that was
    cut short."""
    ended = NOW - ago
    stats = Stats(seconds=12)
    run = None if status is None else RunSummary("incremental", status, ended, ended, stats, before=before)
    return Report(NOW, shows, tally_of(shows, NOW), run, held_back, ignores, ended)
