"""Answers in TheTVDB's form, with what it sends along and we don't read. Source: reference/tvdb.md."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from plexgap.domain.catalogue import Hits, KnownOrder, ListedEpisode, Listing
from plexgap.domain.ids import Source

KEY = "6c1f2f0a-1111-4222-8333-0123456789ab"
PIN = "ABCD1234"
FAILED: Mapping[str, object] = {"status": "failure", "message": "NotFoundException: Series not found", "data": None}
REFUSED: Mapping[str, object] = {"status": "failure", "message": "Unauthorized", "data": None}
NOBODY = {"id": 7, "name": "Nobody Needed", "personName": "Nobody Needed", "image": "https://artworks.example/x.jpg"}
NAMES = {Source.IMDB: "IMDB", Source.TMDB: "TheMovieDB.com"}

_TYPES = {
    "aired": (1, "Aired Order", "official"),
    "dvd": (2, "DVD Order", "dvd"),
    "absolute": (3, "Absolute Order", "absolute"),
    "alternate": (4, "Alternate Order", "alternate"),
    "regional": (5, "Regional Order", "regional"),
}


def token(until: datetime | None, name: str = "someone") -> str:
    """A JWT that ends then; None: it doesn't say when."""
    claims = {"age": "", "apikey": name} | ({"exp": int(until.timestamp())} if until else {})
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    spelt = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*spelt, "s1gn-ature_x"])


def login_form(given: str) -> dict[str, object]:
    return {"status": "success", "data": {"token": given}}


def links_form(path: str, page: int, pages: int, total: int, size: int = 500) -> dict[str, object]:
    """As TheTVDB gives them: the addresses lack the other parameters."""
    address = f"https://api4.thetvdb.com/v4{path}?page="
    return {
        "prev": f"{address}{page - 1}" if page else None,
        "self": f"{address}{page}",
        "next": f"{address}{page + 1}" if page + 1 < pages else None,
        "total_items": total,
        "page_size": size,
    }


def type_form(order: KnownOrder | str) -> dict[str, object]:
    """A season type. An alternate order bears its other name."""
    number, name, kind = _TYPES[order if isinstance(order, str) else order.order]
    other = order.name if isinstance(order, KnownOrder) and order.name != name else None
    return {"id": number, "name": name, "type": kind, "alternateName": other}


def base_form(listing: Listing, **changed: object) -> dict[str, Any]:
    """A series without what the extended record adds."""
    return {
        "id": listing.show_id,
        "name": listing.title,
        "slug": "a-show",
        "image": "https://artworks.thetvdb.com/banners/x.jpg",
        "nameTranslations": ["eng", "fra"],
        "overviewTranslations": ["eng,fra"],
        "aliases": [{"language": "fra", "name": "Un autre"}],
        "firstAired": f"{listing.year}-03-01" if listing.year else "",
        "lastAired": "",
        "nextAired": listing.next_air_date.isoformat() if listing.next_air_date else "",
        "score": 150979,
        "status": {"id": 2, "name": listing.status, "recordType": "series", "keepUpdated": False},
        "originalCountry": "usa",
        "originalLanguage": "eng",
        "defaultSeasonType": 1,
        "isOrderRandomized": False,
        "lastUpdated": "2026-03-18 15:52:48",
        "averageRuntime": 27,
        "episodes": None,
        "overview": "A long text that nobody reads here.",
        "year": str(listing.year) if listing.year else "",
        **changed,
    }


def remote_form(listing: Listing) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"id": each.value, "type": 2 if each.source is Source.IMDB else 12, "sourceName": NAMES[each.source]}
        for each in sorted(listing.ids)
        if each.source in NAMES
    ]
    rows.append({"id": "a.show", "type": 6, "sourceName": "Instagram"})
    rows.append({"id": "https://show.example", "type": 4, "sourceName": "Official Website"})
    return rows


def series_form(listing: Listing, **changed: object) -> dict[str, Any]:
    """The answer with the extended record."""
    return {
        "status": "success",
        "data": {
            **base_form(listing),
            "artworks": None,
            "characters": None,
            "companies": [NOBODY],
            "remoteIds": remote_form(listing),
            "seasons": [{"id": 1, "number": 1, "type": type_form("aired")}],
            "seasonTypes": [type_form("aired"), *map(type_form, listing.orders or ())],
            "airsDays": {"monday": True},
            "airsTime": "21:00",
            **changed,
        },
    }


def episode_form(episode: ListedEpisode, **changed: object) -> dict[str, Any]:
    return {
        "id": episode.episode_id,
        "seriesId": 5,
        "name": episode.title or None,
        "aired": episode.air_date.isoformat() if episode.air_date else None,
        "runtime": episode.runtime_min,
        "nameTranslations": ["eng"],
        "overview": "A long text that nobody reads here.",
        "overviewTranslations": ["eng"],
        "image": "/banners/still.jpg",
        "imageType": 11,
        "isMovie": 0,
        "seasons": None,
        "number": episode.number.number,
        "absoluteNumber": 0,
        "seasonNumber": episode.number.season,
        "lastUpdated": "2024-01-09 04:21:34",
        "finaleType": None,
        "year": "2008",
        **changed,
    }


def page_form(
    listing: Listing, rows: Sequence[dict[str, Any]], page: int = 0, pages: int = 1, total: int | None = None
) -> dict[str, Any]:
    """A page of episodes, beside the series' record."""
    path = f"/series/{listing.show_id}/episodes/{_TYPES[listing.order][2]}"
    return {
        "status": "success",
        "data": {"series": base_form(listing), "episodes": list(rows)},
        "links": links_form(path, page, pages, len(rows) if total is None else total),
    }


def language_form(listing: Listing, rows: Sequence[dict[str, Any]], **changed: object) -> dict[str, Any]:
    """The other shape: the series' record around its episodes, as it comes where a language is asked for."""
    links = links_form(f"/series/{listing.show_id}/episodes/official/eng", 0, 1, len(rows))
    return {"status": "success", "data": base_form(listing, **changed) | {"episodes": list(rows)}, "links": links}


def found_form(show_ids: Iterable[int]) -> dict[str, Any]:
    """What /search/remoteid answers: things of all kinds."""
    return {
        "status": "success",
        "data": [
            {"people": NOBODY},
            *({"series": {"id": show_id, "name": "A show", "status": {"name": "Ended"}}} for show_id in show_ids),
            {"movie": {"id": 99, "name": "A film", "year": "2012"}},
            {"season": {"id": 2011720, "seriesId": 363890, "number": 2}},
            {"episode": {"id": 97, "seriesId": 96, "number": None, "seasonNumber": None}},
        ],
    }


def search_form(hits: Hits) -> dict[str, Any]:
    """The first hits; with `more` there are as many again."""
    rows = [
        {
            "objectID": f"series-{each.show_id}",
            "id": f"series-{each.show_id}",
            "tvdb_id": str(each.show_id),
            "type": "series",
            "name": each.original_title or each.title,
            "translations": {"eng": each.title} if each.original_title else {},
            "overviews": {"eng": "A long text that nobody reads here."},
            "aliases": ["Another name"],
            "year": str(each.year) if each.year else "",
            "first_air_time": f"{each.year}-03-01" if each.year else "",
            "status": "Ended",
            "primary_language": "fra",
            "remote_ids": [{"id": "tt0000001", "type": 2, "sourceName": "IMDB"}],
        }
        for each in hits.candidates
    ]
    total = 2 * len(rows) if hits.more else len(rows)
    return {"status": "success", "data": rows, "links": links_form("/search", 0, 1, total, 25)}


def updates_form(rows: Sequence[dict[str, Any]], page: int = 0, pages: int = 1) -> dict[str, Any]:
    return {"status": "success", "data": list(rows), "links": links_form("/updates", page, pages, 500 * pages - 3)}


def update_form(record_id: int, **changed: object) -> dict[str, Any]:
    return {
        "recordType": "",
        "recordId": record_id,
        "methodInt": 2,
        "method": "update",
        "extraInfo": "",
        "userId": 0,
        "timeStamp": 1642723348,
        "entityType": "series",
        **changed,
    }
