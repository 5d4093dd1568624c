"""How TheTVDB lists a show: its aired order, made from TMDB's by what the show says of it, and its other orders.

Changes when the demo's TheTVDB can differ from its TMDB in a new way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from plexgap.demo.listed import CatalogueEpisode, ListedShow, Number

AIRED = "aired"
# A placeholder of TheTVDB's older rows, where TMDB has a date that is none.
_NO_DAY = "0000-00-00"


class SeasonType(NamedTuple):
    """An order as TheTVDB knows it. `order`: our name; `slug`: how it stands in a path."""

    order: str
    number: int
    slug: str
    name: str
    alternate_name: str | None = None


SEASON_TYPES = (
    SeasonType(AIRED, 1, "official", "Aired Order"),
    SeasonType("dvd", 2, "dvd", "DVD Order"),
    SeasonType("absolute", 3, "absolute", "Absolute Order"),
    SeasonType("alternate", 4, "alternate", "Alternate Order", "Lighthouse Network"),
    SeasonType("regional", 5, "regional", "Regional Order"),
    SeasonType("altdvd", 6, "altdvd", "Alternate DVD Order"),
)


# TMDB's word -> TheTVDB's number and word. A season that is only announced makes a series "Upcoming" here.
_STATUSES = {
    "Ended": (2, "Ended"),
    "Canceled": (2, "Ended"),
    "In Production": (3, "Upcoming"),
    "Planned": (3, "Upcoming"),
}


def status_at_tvdb(status: str) -> tuple[int, str]:
    """The number and word that TheTVDB has for a status that TMDB calls so."""
    return _STATUSES.get(status, (1, "Continuing"))


def types_of(show: ListedShow) -> tuple[SeasonType, ...]:
    """The orders that the series has. Each has the aired one."""
    own = {order.name for order in show.orders}
    return tuple(kind for kind in SEASON_TYPES if kind.order == AIRED or kind.order in own)


def type_called(show: ListedShow, slug: str) -> SeasonType | None:
    """What a path means by `official`, `dvd`, ...; `default` is whatever the series calls its own."""
    if slug == "default":
        return next(kind for kind in SEASON_TYPES if kind.order == show.tvdb.default)
    return next((kind for kind in SEASON_TYPES if kind.slug == slug), None)


def aired(show: ListedShow) -> list[CatalogueEpisode]:
    """Every episode that TheTVDB lists now, in its aired order and with its dates, in number order."""
    if show.tvdb_rows is not None:
        return list(show.tvdb_rows)
    own = show.order(AIRED)
    numbers = {listed: number for number, listed in own.numbers} if own else {}
    rows = [_row(show, listed, numbers.get(listed, listed)) for season in show.seasons for listed in season.numbers]
    return sorted(rows, key=lambda row: row.number) if own else rows


def in_order(show: ListedShow, order: str) -> list[CatalogueEpisode]:
    """The episodes that this order numbers, with its numbers, in number order. Two may bear the same one.

    Empty where the series has no such order. Specials stay what they are in absolute order.
    """
    now = aired(show)
    other = show.order(order)
    if order == AIRED:
        return now
    if other is None:
        return []
    by_id = {row.episode_id: row for row in now}
    pairs = [(number, show.original(listed).episode_id) for number, listed in other.numbers]
    rows = [by_id[episode_id]._replace(number=number) for number, episode_id in pairs if episode_id in by_id]
    if order == "absolute":
        rows += [row for row in now if not row.number.season]
    return sorted(rows, key=lambda row: row.number)


def edit(show: ListedShow, rows: Iterable[CatalogueEpisode]) -> None:
    """Replaces TheTVDB's listing from now on."""
    show.tvdb_rows = sorted(rows, key=lambda row: row.number)


def day_at_tvdb(show: ListedShow, episode_id: int, raw: str | None) -> str | None:
    """The date as TheTVDB sends it. Where none is known it sends "" of some episodes and null of others."""
    if not raw:
        return "" if episode_id % 2 else None
    try:
        return (date.fromisoformat(raw) + timedelta(days=show.tvdb.days_off)).isoformat()
    except ValueError:
        return _NO_DAY


def _row(show: ListedShow, listed: Number, number: Number) -> CatalogueEpisode:
    episode = show.original(listed)
    return episode._replace(number=number, air_date=day_at_tvdb(show, episode.episode_id, episode.air_date))
