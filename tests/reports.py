"""Reports made by hand, for what draws, exports or counts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from plexgap.domain.decisions import TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Standing, State
from plexgap.views.report import EpisodeLine, Group, Link, Report, SeasonReport, ShowReport, Tally

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LINK = Link("Debrid Media Manager", "https://debridmediamanager.com/show/tt0903747/2")
NO_TALLY = Tally(*([0] * 15))


def line(season: int, number: int, standing: Standing = Standing.MISSING, **more: Any) -> EpisodeLine:
    values = {"title": f"Part {number}", "air_date": date(2009, 4, number % 28 + 1), "episode_id": 62000 + number}
    return EpisodeLine(number=EpisodeNumber(season, number), standing=standing, **{**values, **more})


def season(number: int, *lines: EpisodeLine, link: Link | None = LINK) -> SeasonReport:
    return SeasonReport(number, "m" * len(lines), len(lines), 0, lines, link)


def show(title: str = "Breaking Bad", state: State = State.GAPS, *seasons: SeasonReport, **more: Any) -> ShowReport:
    values: dict[str, Any] = {
        "title_id": "tmdb-1396",
        "year": 2008,
        "rating_keys": ("12",),
        "libraries": ("TV Shows",),
        "ids": frozenset({ExternalId(Source.TVDB, "81189"), ExternalId(Source.IMDB, "tt0903747")}),
        "reason": None,
        "status": "Ended",
        "group": Group.ARCHIVED,
        "provider": Source.TMDB,
        "show_id": 1396,
        "order": "aired",
        "order_source": "default",
        "checked_at": NOW,
        "held": 60,
        "listed": 62,
    }
    values.update(more)
    return ShowReport(
        title=title, ref=TitleRef(frozenset(), frozenset(), title), state=state, seasons=seasons, **values
    )


def report(*shows: ShowReport, **more: Any) -> Report:
    tally = replace(
        NO_TALLY,
        shows=len(shows),
        complete=sum(one.state is State.COMPLETE for one in shows),
        with_gaps=sum(one.state is State.GAPS for one in shows),
        need_you=sum(one.state not in (State.COMPLETE, State.GAPS) for one in shows),
        unknown=sum(one.state is State.UNKNOWN for one in shows),
        missing_archived=sum(one.missing_regular for one in shows if one.state is State.GAPS),
        shows_archived=sum(bool(one.missing_regular) for one in shows if one.state is State.GAPS),
    )
    values: dict[str, Any] = {"as_of": NOW, "tally": tally, "last_run": None}
    return Report(shows=shows, **{**values, **more})
