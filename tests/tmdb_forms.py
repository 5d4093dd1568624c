"""Answers in TMDB's form, with what it sends along and we don't read. Source: reference/tmdb.md 2-4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from plexgap.domain.catalogue import Hits, ListedEpisode, Listing
from plexgap.domain.ids import Source, first_id

ABSENT: Mapping[str, object] = {"success": False, "status_code": 34, "status_message": "The resource ... not found."}
REFUSED: Mapping[str, object] = {"success": False, "status_code": 7, "status_message": "Invalid API key"}
NOBODY = {"id": 1, "name": "Nobody Needed", "credit_id": "52542275760ee313280006ce", "profile_path": None}


def episode_form(episode: ListedEpisode, **changed: object) -> dict[str, object]:
    return {
        "id": episode.episode_id,
        "episode_number": episode.number.number,
        "season_number": episode.number.season,
        "name": episode.title,
        "overview": "A long text that nobody reads here.",
        "air_date": episode.air_date.isoformat() if episode.air_date else None,
        "runtime": episode.runtime_min,
        "episode_type": "standard",
        "still_path": "/still.jpg",
        "crew": [NOBODY],
        "guest_stars": [NOBODY],
        **changed,
    }


def season_form(episodes: Iterable[dict[str, object]], number: int) -> dict[str, object]:
    return {
        "_id": "5256c89f19c2956ff6046d47",
        "id": 3000 + number,
        "season_number": number,
        "name": f"Season {number}",
        "overview": "",
        "air_date": None,
        "networks": [],
        "episodes": list(episodes),
    }


def seasons_of(listing: Listing) -> dict[int, dict[str, object]]:
    """Every season of the listing, whole."""
    return {
        number: season_form(map(episode_form, episodes), number)
        for number, episodes in groupby(listing.episodes, key=lambda episode: episode.number.season)
    }


def show_form(listing: Listing, **changed: object) -> dict[str, Any]:
    """The show with nothing appended but `external_ids`."""
    tvdb = first_id(listing.ids, Source.TVDB)
    return {
        "adult": False,
        "id": listing.show_id,
        "name": listing.title,
        "original_name": "the original name",
        "overview": "A long text that nobody reads here.",
        "first_air_date": f"{listing.year}-03-01" if listing.year else "",
        "status": listing.status,
        "created_by": [NOBODY],
        "networks": [{"id": 16, "name": "CBS"}],
        "number_of_seasons": 99,
        "last_episode_to_air": None,
        "next_episode_to_air": {"id": 5, "air_date": listing.next_air_date.isoformat(), "crew": [NOBODY]}
        if listing.next_air_date
        else None,
        "seasons": [
            {"id": 3000 + number, "season_number": number, "episode_count": len(list(episodes)), "air_date": None}
            for number, episodes in groupby(listing.episodes, key=lambda episode: episode.number.season)
        ],
        "external_ids": {
            "imdb_id": first_id(listing.ids, Source.IMDB),
            "tvdb_id": int(tvdb) if tvdb else None,
            "wikidata_id": "Q1",
        },
        **changed,
    }


def appended(listing: Listing, asked: str, **changed: object) -> dict[str, Any]:
    """The show with those of the asked things that it has: `asked` as it stands in `append_to_response`."""
    seasons = {f"season/{number}": body for number, body in seasons_of(listing).items()}
    return show_form(listing, **changed) | {name: seasons[name] for name in asked.split(",") if name in seasons}


def changes_form(show_ids: Sequence[int], page: int, pages: int) -> dict[str, object]:
    """A page of the shows that changed, of pages of 40 as it says."""
    rows = [{"id": number, "adult": None if number % 2 else False} for number in show_ids]
    return {"results": rows, "page": page, "total_pages": max(1, pages), "total_results": 40 * pages}


def search_form(hits: Hits) -> dict[str, object]:
    """A page of search results; with `more` there are two pages."""
    rows = [
        {
            "adult": False,
            "id": each.show_id,
            "name": each.title,
            "original_name": each.original_title or each.title,
            "overview": "A long text that nobody reads here.",
            "first_air_date": f"{each.year}-03-01" if each.year else "",
            "genre_ids": [18],
            "origin_country": ["GB"],
            "popularity": 3.5,
        }
        for each in hits.candidates
    ]
    return {"page": 1, "results": rows, "total_pages": 2 if hits.more else 1, "total_results": len(rows)}


def group_row(group_id: str, name: str, kind: int, **changed: object) -> dict[str, object]:
    """A row of a show's episode groups; `kind` is TMDB's type."""
    return {
        "description": "",
        "episode_count": 9,
        "group_count": 2,
        "id": group_id,
        "name": name,
        "network": None,
        "type": kind,
        **changed,
    }


def group_form(
    group_id: str, show_id: int, parts: Iterable[tuple[int, Iterable[ListedEpisode]]], kind: int = 2
) -> dict[str, Any]:
    """An episode group: for each part its place and its episodes, which keep the numbers they have."""
    return {
        "description": "",
        "id": group_id,
        "name": "An order",
        "network": None,
        "type": kind,
        "groups": [
            {
                "id": f"part-{place}",
                "name": f"Part {place}",
                "order": place,
                "locked": True,
                "episodes": [
                    episode_form(episode, show_id=show_id, order=order) for order, episode in enumerate(episodes)
                ],
            }
            for place, episodes in parts
        ],
    }
