"""What TheTVDB's records mean in our words: a listing, its orders and ids, a candidate. Changes when they mean another.

Source: reference/tvdb.md, whose section numbers are named below.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from plexgap.domain.catalogue import (
    ABSOLUTE,
    AIRED,
    ALTERNATE,
    DVD,
    REGIONAL,
    Candidate,
    KnownOrder,
    ListedEpisode,
    Listing,
)
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.sources import tvdb_wire as wire

log = logging.getLogger(__name__)

# Our names of orders and TheTVDB's season types (3), in the order in which they are worth trying.
SEASON_TYPES: Mapping[str, str] = {
    AIRED: "official",
    DVD: "dvd",
    ABSOLUTE: "absolute",
    ALTERNATE: "alternate",
    REGIONAL: "regional",
}
ENGLISH = "eng"

_OUTSIDE = {"imdb": Source.IMDB, "themoviedb.com": Source.TMDB}
# TMDB counts films, people and series apart, and all of their numbers stand under one name. 12 is a series.
_NO_SERIES = {Source.TMDB: frozenset({10, 15})}
_NO_DAY = "0000-00-00"


def to_listing(
    show_id: int, order: str, series: wire.Base | None, rows: Iterable[wire.Episode], fetched_at: datetime
) -> Listing:
    """The listing in number order. `series` None: nothing is known of the series itself. Only the extended record tells
    ids of other sources, and which orders there are."""
    series = series or wire.Base(id=show_id)
    episodes = _numbered(show_id, rows)
    if order == AIRED:
        episodes = _unique(show_id, episodes)
    extended = series if isinstance(series, wire.Series) else None
    return Listing(
        provider=Source.TVDB,
        show_id=show_id,
        order=order,
        title=series.name or "",
        year=_year(series.year) or _year_of(_day(series.first_aired, show_id, "its start")),
        status=(series.status.name or "") if series.status else "",
        ids=frozenset({ExternalId(Source.TVDB, str(show_id))}) | (outside_ids(extended) if extended else frozenset()),
        episodes=tuple(episodes),
        fetched_at=fetched_at,
        next_air_date=_next_air_date(series, episodes, fetched_at.astimezone(UTC).date()),
        orders=known_orders(extended) if extended else None,
    )


def known_orders(series: wire.Series) -> tuple[KnownOrder, ...] | None:
    """Those that the series has beside the aired one; None when the record doesn't say."""
    if series.season_types is None:
        return None
    has = {row.type: row for row in series.season_types}
    return tuple(
        KnownOrder(order, has[kind].alternate_name or has[kind].name or "", order)
        for order, kind in SEASON_TYPES.items()
        if order != AIRED and kind in has
    )


def outside_ids(series: wire.Series) -> frozenset[ExternalId]:
    """The ids of this series in other sources; one source may stand in it several times, and may be wrong (5)."""
    return frozenset(found for remote in series.remote_ids or () if (found := _outside_id(remote)) is not None)


def to_candidate(row: wire.SearchRow, sought: str) -> Candidate | None:
    """None for a row without a number. The title is the English one where there is one, as TMDB's is; beside it stands
    its name in its own language, or the other name of it that was `sought`."""
    own_id = external_id(Source.TVDB, row.tvdb_id)
    if own_id is None:
        return None
    english = row.translations.eng if row.translations else None
    title = english or row.name or ""
    others = [name for name in (row.name, *(row.aliases or ())) if name and name != title]
    as_sought = [name for name in others if name.casefold() == sought.casefold()]
    return Candidate(
        provider=Source.TVDB,
        show_id=int(own_id.value),
        title=title,
        year=_year(row.year),
        original_title=next(iter(as_sought or [name for name in others if name == row.name]), ""),
    )


def is_foreign(series: wire.Base | None) -> bool:
    """Whether its names are in another language than English (names come in the series' own one)."""
    return series is not None and series.original_language not in (None, "", ENGLISH)


def is_translated(rows: Iterable[wire.Episode]) -> bool:
    """Whether at least half of the episodes have an English name."""
    told = [ENGLISH in ",".join(row.name_translations or ()) for row in rows]
    return 2 * sum(told) >= len(told) > 0


def _numbered(show_id: int, rows: Iterable[wire.Episode]) -> list[ListedEpisode]:
    """In number order, those of equal number as TheTVDB gives them. A row without a number is no episode that anybody
    could hold by it: season 0 and episode 0 are numbers."""
    found = []
    for row in rows:
        if row.season_number is None or row.number is None or row.season_number < 0 or row.number < 0:
            log.info("show %s: TheTVDB gives episode %s no number, it is left out", show_id, row.id)
            continue
        number = EpisodeNumber(row.season_number, row.number)
        found.append(
            ListedEpisode(
                number=number,
                title=row.name or "",
                air_date=_day(row.aired, show_id, number),
                runtime_min=row.runtime or None,
                episode_id=row.id,
            )
        )
    return sorted(found, key=lambda episode: episode.number)


def _unique(show_id: int, episodes: Iterable[ListedEpisode]) -> list[ListedEpisode]:
    kept: dict[EpisodeNumber, ListedEpisode] = {}
    for episode in episodes:
        if episode.number in kept:
            log.warning("show %s: TheTVDB lists %s twice, the first one counts", show_id, episode.number)
        kept.setdefault(episode.number, episode)
    return list(kept.values())


def _outside_id(remote: wire.RemoteId) -> ExternalId | None:
    source = _OUTSIDE.get((remote.source_name or "").strip().casefold())
    if source is None or remote.type in _NO_SERIES.get(source, ()):
        return None
    value = str(remote.id or "").strip()
    return external_id(source, re.sub(r"^(\d+)-.*", r"\1", value))


def _next_air_date(series: wire.Base, episodes: Iterable[ListedEpisode], today: date) -> date | None:
    """When the next episode airs: TheTVDB's word where it lies ahead (it may be weeks old), else the first dated one
    from today on."""
    said = _day(series.next_aired, series.id, "its next episode")
    if said is not None and said >= today:
        return said
    days: Iterator[date] = (episode.air_date for episode in episodes if episode.air_date is not None)
    return min((day for day in days if day >= today), default=None)


def _year(raw: str | int | None) -> int | None:
    text = str(raw or "").strip()
    return int(text) if re.fullmatch(r"[1-9]\d{3}", text) else None


def _year_of(day: date | None) -> int | None:
    return day.year if day is not None else None


def _day(raw: str | None, show_id: int, what: object) -> date | None:
    """The day of first broadcast, without time or zone; None when TheTVDB sends null, "" or 0000-00-00 (4).

    Anything else that is no date is logged and counts as None: one bad date must not hide a show.
    """
    if not raw or raw == _NO_DAY:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        log.warning("show %s, %s: TheTVDB gives %.20r, which is no date", show_id, what, raw)
        return None
