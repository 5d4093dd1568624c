"""The bodies of TheTVDB's answers. Source: reference/tvdb.md and the recorded samples.

Changes when TheTVDB's answers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from plexgap.demo import names
from plexgap.demo.listed import CatalogueEpisode, ListedFilm, ListedShow, Number, Remote, TvdbChange
from plexgap.demo.listed_tvdb import (
    SEASON_TYPES,
    SeasonType,
    aired,
    in_order,
    status_at_tvdb,
    type_called,
    types_of,
)

Body = dict[str, Any]

_METHODS = {"create": 1, "update": 2, "delete": 3}
_IMDB, _SITE, _TMDB, _MAZE = (2, "IMDB"), (4, "Official Website"), (12, "TheMovieDB.com"), (19, "TV Maze")


def series(show: ListedShow, host: str, updated: datetime, today: date) -> Body:
    """`/series/ID`. `updated`: when it was last changed."""
    days = sorted(str(row.air_date) for row in aired(show) if row.number.season and _is_day(row.air_date))
    ahead = [day for day in days if day >= today.isoformat()]
    number, word = status_at_tvdb(show.status)
    return {
        "id": show.tvdb_id,
        "name": show.name,
        "slug": names.slug(show.name),
        "image": _picture(host, "posters", show.tvdb_id),
        "nameTranslations": _languages(show),
        "overviewTranslations": _languages(show),
        "aliases": [],
        "firstAired": days[0] if days else "",
        "lastAired": days[-1] if days else "",
        "nextAired": ahead[0] if ahead else "",
        "score": 1_000 + show.tmdb_id % 9_000,
        "status": {"id": number, "name": word, "recordType": "series", "keepUpdated": word != "Ended"},
        "originalCountry": "gbr",
        "originalLanguage": show.tvdb.language,
        "defaultSeasonType": _default(show).number,
        "isOrderRandomized": False,
        "lastUpdated": _stamp(updated),
        "averageRuntime": show.runtime,
        "episodes": None,
        "overview": names.overview(show.tmdb_id),
        "year": str(show.year),
    }


def extended(show: ListedShow, base: Body, *, short: bool) -> Body:
    """`/series/ID/extended`; `short` leaves out people and pictures."""
    people = [{"id": 60_000_000 + n, "name": names.person(show.tmdb_id + n), "sort": n} for n in range(40)]
    return {
        **base,
        "artworks": None if short else [{"id": 62_000_000 + n, "image": base["image"], "type": 2} for n in range(20)],
        "characters": None if short else people,
        "companies": [],
        "originalNetwork": None,
        "latestNetwork": None,
        "genres": [{"id": 12, "name": "Drama", "slug": "drama"}],
        "trailers": [],
        "lists": [],
        "remoteIds": remote_ids(show),
        "seasons": [row for kind in types_of(show) for row in _seasons(show, kind, base)],
        "seasonTypes": [season_type(kind) for kind in types_of(show)],
        "airsDays": dict.fromkeys(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), False
        ),
        "airsTime": "21:00",
        "contentRatings": [],
        "tags": [],
        "translations": None,
    }


def remote_ids(show: ListedShow) -> list[Body] | None:
    """The series' ids elsewhere, as sent: null, or with wrong and shared numbers among them."""
    if show.tvdb.remote is Remote.NONE:
        return None
    found: list[tuple[str, tuple[int, str]]] = []
    if show.imdb_id:
        found.append((show.imdb_id, _IMDB))
    if show.tvdb.remote is Remote.SEVERAL:
        found.append((str(900 + show.tmdb_id % 90), _TMDB))
    if show.on_tmdb:
        found.append((str(show.tmdb_id), _TMDB))
    if show.tvdb.remote is Remote.SHARED:
        found.append((str(show.tmdb_id + 3), _MAZE))
    found.append((f"https://{names.slug(show.name)[:40]}.example.invalid", _SITE))
    return [{"id": value, "type": number, "sourceName": name} for value, (number, name) in found]


def season_type(kind: SeasonType) -> Body:
    """An order, as `/seasons/types` and a series list it."""
    return {"id": kind.number, "name": kind.name, "type": kind.slug, "alternateName": kind.alternate_name}


def season_types() -> list[Body]:
    """`/seasons/types`."""
    return [season_type(kind) for kind in SEASON_TYPES]


def episodes(
    show: ListedShow, rows: Sequence[CatalogueEpisode], language: str | None, host: str, updated: datetime
) -> list[Body]:
    """Episodes as a series lists them. `language`: names in it alone, null where there are none; None: the series'."""
    absolute = {row.episode_id: row.number for row in in_order(show, "absolute")}
    placed = {row.episode_id: row.number for row in aired(show)}
    last = max((number for number in placed.values() if number.season), default=None)
    return [
        _episode(show, row, language or show.tvdb.language, host, updated)
        | _places(row, placed[row.episode_id], absolute.get(row.episode_id), last)
        for row in rows
    ]


def found_series(show: ListedShow, base: Body) -> Body:
    """A series among the results of `/search`: everything is text."""
    named = dict.fromkeys(_language_list(show), show.name)
    return {
        "objectID": f"series-{show.tvdb_id}",
        "aliases": [],
        "country": "gbr",
        "id": f"series-{show.tvdb_id}",
        "image_url": base["image"],
        "name": show.name,
        "first_air_time": base["firstAired"],
        "overview": base["overview"],
        "primary_language": show.tvdb.language,
        "primary_type": "series",
        "status": base["status"]["name"],
        "type": "series",
        "tvdb_id": str(show.tvdb_id),
        "year": str(show.year),
        "slug": base["slug"],
        "overviews": dict.fromkeys(_language_list(show), base["overview"]),
        "translations": named,
        "remote_ids": remote_ids(show),
        "thumbnail": base["image"],
    }


def film(listed: ListedFilm) -> Body:
    """A film, as `/search/remoteid` finds it."""
    return {
        "id": listed.tvdb_id,
        "name": listed.title,
        "slug": names.slug(listed.title),
        "image": "",
        "nameTranslations": ["eng"],
        "overviewTranslations": ["eng"],
        "aliases": None,
        "score": 100 + listed.tmdb_id % 900,
        "runtime": listed.runtime,
        "status": {"id": 5, "name": "Released", "recordType": "movie", "keepUpdated": True},
        "lastUpdated": "2025-01-01 08:00:00",
        "year": str(listed.year or ""),
    }


def change(row: TvdbChange) -> Body:
    """A row of `/updates`."""
    return {
        "recordType": "",
        "recordId": row.record,
        "methodInt": _METHODS[row.method],
        "method": row.method,
        "extraInfo": "",
        "userId": 0,
        "timeStamp": int(row.at.timestamp()),
        "entityType": row.entity,
        "seriesId": row.series if row.entity == "episodes" else 0,
        "mergeToId": 0,
        "mergeToEntityType": "",
    }


def _episode(show: ListedShow, row: CatalogueEpisode, language: str, host: str, updated: datetime) -> Body:
    known = language in _language_list(show)
    return {
        "id": row.tvdb_id,
        "seriesId": show.tvdb_id,
        "name": _name(show, row, language),
        "aired": row.air_date,
        "runtime": row.runtime if row.air_date else None,
        "nameTranslations": _languages(show),
        "overview": names.overview(show.tmdb_id, row.episode_id) if known else None,
        "overviewTranslations": _languages(show),
        "image": _picture(host, "episodes", row.tvdb_id) if row.episode_id % 3 else None,
        "imageType": 11 if row.episode_id % 3 else None,
        "isMovie": 0,
        "seasons": None,
        "lastUpdated": _stamp(updated),
        "year": row.air_date[:4] if row.air_date else None,
    }


def _places(row: CatalogueEpisode, placed: Number, absolute: Number | None, last: Number | None) -> Body:
    """Its numbers in the order asked, and what TheTVDB says of its place besides."""
    special = not placed.season
    return {
        "number": row.number.number,
        "absoluteNumber": absolute.number if absolute is not None and absolute.season else None,
        "seasonNumber": row.number.season,
        "seasonName": None,
        "finaleType": "series" if placed == last else None,
        "airsAfterSeason": 1 if special else None,
        "airsBeforeSeason": None,
        "airsBeforeEpisode": None,
        "linkedMovie": None,
    }


def _name(show: ListedShow, row: CatalogueEpisode, language: str) -> str | None:
    if language == "deu" and show.tvdb.language == "deu":
        return names.foreign_title(show.tmdb_id, row.episode_id - show.episode_base)
    return row.title if language == "eng" else None


def _seasons(show: ListedShow, kind: SeasonType, base: Body) -> list[Body]:
    numbers = sorted({row.number.season for row in in_order(show, kind.order)})
    return [
        {
            "id": (show.tvdb_id or 0) * 1_000 + kind.number * 100 + place,
            "seriesId": show.tvdb_id,
            "type": season_type(kind),
            "number": number,
            "nameTranslations": [],
            "overviewTranslations": [],
            "image": base["image"],
            "imageType": 7,
            "companies": {},
            "lastUpdated": base["lastUpdated"],
        }
        for place, number in enumerate(numbers)
    ]


def _default(show: ListedShow) -> SeasonType:
    found = type_called(show, "default")
    assert found is not None
    return found


def _languages(show: ListedShow) -> list[str]:
    """The languages of its names, which at times stand in one text."""
    return [",".join(_language_list(show))]


def _language_list(show: ListedShow) -> list[str]:
    return list(dict.fromkeys((show.tvdb.language, "eng")))


def _picture(host: str, kind: str, number: int | None) -> str:
    """A picture's address names what it shows, so that it can be drawn from the address alone."""
    return f"http://{host}/banners/{kind}/{number}.jpg"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _is_day(raw: str | None) -> bool:
    return bool(raw) and str(raw) > "1900-12-31"
