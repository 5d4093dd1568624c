"""The bodies of TMDB's answers. Source: reference/tmdb.md and the recorded samples. Changes when TMDB's answers do."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from plexgap.demo import names
from plexgap.demo.listed import (
    CatalogueEpisode,
    ListedCollection,
    ListedFilm,
    ListedShow,
    Number,
    OtherOrder,
)
from plexgap.demo.placing import hex_id

Body = dict[str, Any]

_GENRES = ((18, "Drama"), (35, "Comedy"), (9648, "Mystery"), (10765, "Sci-Fi & Fantasy"))
_NETWORKS = ((49, "Harbour Television"), (213, "North Tower"), (16, "Lighthouse Network"))
_JOBS = (("Director", "Directing"), ("Writer", "Writing"))
# Announced, but without a first episode: neither running nor over.
_RUNNING = frozenset({"Returning Series", "In Production", "Planned", "Pilot"})


def picture(kind: str, number: int) -> str:
    """The path of a picture. It names what it shows, so that it can be drawn from the path alone."""
    return f"/{kind}{number}x{hex_id(kind, number)[:8]}.jpg"


def show(listed: ListedShow, today: date) -> Body:
    """`/tv/ID`."""
    seasons = listed.by_season()
    regular = [episode for number, members in seasons.items() if number for episode in members]
    dated = sorted((episode for episode in regular if _is_day(episode.air_date)), key=lambda e: str(e.air_date))
    out = [episode for episode in dated if str(episode.air_date) <= today.isoformat()]
    ahead = [episode for episode in dated if str(episode.air_date) > today.isoformat()]
    return {
        "adult": False,
        "backdrop_path": picture("b", listed.tmdb_id),
        "created_by": [_created(listed.tmdb_id)],
        "episode_run_time": [listed.runtime] if listed.tmdb_id % 2 else [],
        "first_air_date": dated[0].air_date if dated else "",
        "genres": [{"id": number, "name": name} for number, name in (_GENRES[listed.tmdb_id % 4],)],
        "homepage": "",
        "id": listed.tmdb_id,
        "in_production": listed.status in _RUNNING,
        "languages": ["en"],
        "last_air_date": out[-1].air_date if out else None,
        "last_episode_to_air": _to_air(listed, out[-1]) if out else None,
        "name": listed.name,
        "next_episode_to_air": _to_air(listed, ahead[0]) if ahead else None,
        "networks": [_network(listed.tmdb_id)],
        "number_of_episodes": len(regular),
        "number_of_seasons": sum(1 for number in seasons if number),
        "origin_country": ["GB"],
        "original_language": "en",
        "original_name": listed.original_name or listed.name,
        "overview": names.overview(listed.tmdb_id),
        "popularity": 3.5 + listed.tmdb_id % 40,
        "poster_path": picture("p", listed.tmdb_id),
        "production_companies": [],
        "production_countries": [{"iso_3166_1": "GB", "name": "United Kingdom"}],
        "seasons": [_season_row(listed, number, members) for number, members in sorted(seasons.items())],
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": listed.status,
        "tagline": "",
        "type": "Scripted",
        "vote_average": 6.5 + listed.tmdb_id % 3,
        "vote_count": 40 + listed.tmdb_id % 900,
    }


def external_ids(listed: ListedShow) -> Body:
    """What `/tv/ID/external_ids` says, without `id`: so it stands when it is appended."""
    return {
        "imdb_id": listed.imdb_id,
        "freebase_mid": None,
        "freebase_id": None,
        "tvdb_id": listed.tvdb_id,
        "tvrage_id": None,
        "wikidata_id": None,
        "facebook_id": None,
        "instagram_id": None,
        "twitter_id": None,
    }


def season(listed: ListedShow, number: int, episodes: list[CatalogueEpisode]) -> Body:
    """`/tv/ID/season/N`, people and all."""
    row = _season_row(listed, number, episodes)
    return {
        "_id": hex_id("season", listed.tmdb_id, number),
        "air_date": row["air_date"],
        "episodes": [_episode(listed, episode, last=episode is episodes[-1]) for episode in episodes],
        "name": row["name"],
        "networks": [_network(listed.tmdb_id)],
        "overview": row["overview"],
        "id": row["id"],
        "poster_path": row["poster_path"],
        "season_number": number,
        "vote_average": row["vote_average"],
    }


def episode_groups(listed: ListedShow) -> Body:
    """`/tv/ID/episode_groups`, without `id`."""
    return {
        "results": [
            {
                "description": "",
                "episode_count": len(order.numbers),
                "group_count": len({number.season for number, _ in order.numbers}),
                "id": group_id(listed, order),
                "name": f"{order.name.title()} Order",
                "network": None,
                "type": order.kind,
            }
            for order in listed.orders
            if order.on_tmdb
        ]
    }


def group_id(listed: ListedShow, order: OtherOrder) -> str:
    return hex_id("group", listed.tmdb_id, order.name)


def episode_group(listed: ListedShow, order: OtherOrder) -> Body:
    """`/tv/episode_group/ID`."""
    now = {episode.episode_id: episode for episode in listed.episodes()}
    groups: dict[int, list[Body]] = {}
    for number, aired in order.numbers:
        known = now.get(listed.original(Number(*aired)).episode_id)
        if known is not None:
            members = groups.setdefault(number.season, [])
            members.append({**_plain_episode(listed, known), "order": len(members)})
    return {
        "description": "",
        "episode_count": sum(len(members) for members in groups.values()),
        "group_count": len(groups),
        "groups": [
            {
                "id": hex_id("group", listed.tmdb_id, order.name, number),
                "name": f"Season {number}",
                "order": number,
                "episodes": members,
                "locked": True,
            }
            for number, members in sorted(groups.items())
        ],
        "id": group_id(listed, order),
        "name": f"{order.name.title()} Order",
        "network": None,
        "type": order.kind,
    }


def show_row(listed: ListedShow) -> Body:
    """A show among search results; `/find` adds `media_type`."""
    opening = next((s.start for s in listed.seasons if s.number and s.start), None)
    return {
        "adult": False,
        "backdrop_path": picture("b", listed.tmdb_id),
        "genre_ids": [_GENRES[listed.tmdb_id % 4][0]],
        "id": listed.tmdb_id,
        "origin_country": ["GB"],
        "original_language": "en",
        "original_name": listed.original_name or listed.name,
        "overview": names.overview(listed.tmdb_id),
        "popularity": 3.5 + listed.tmdb_id % 40,
        "poster_path": picture("p", listed.tmdb_id),
        "first_air_date": opening.isoformat() if opening else "",
        "name": listed.name,
        "vote_average": 6.5 + listed.tmdb_id % 3,
        "vote_count": 40 + listed.tmdb_id % 900,
    }


def found_episode(listed: ListedShow, episode: CatalogueEpisode) -> Body:
    """An episode among the results of `/find`."""
    return {**_plain_episode(listed, episode), "media_type": "tv_episode", "episode_type": "standard"}


def film(listed: ListedFilm, collection: ListedCollection | None) -> Body:
    """`/movie/ID`."""
    return {
        "adult": listed.adult,
        "backdrop_path": picture("b", listed.tmdb_id),
        "belongs_to_collection": _belongs(collection) if collection else None,
        "budget": 0,
        "genres": [{"id": 18, "name": "Drama"}],
        "homepage": "",
        "id": listed.tmdb_id,
        "imdb_id": listed.imdb_id,
        "origin_country": ["GB"],
        "original_language": "en",
        "original_title": listed.title,
        "overview": names.overview(listed.tmdb_id, 3),
        "popularity": 2.5 + listed.tmdb_id % 30,
        "poster_path": picture("m", listed.tmdb_id),
        "production_companies": [],
        "production_countries": [{"iso_3166_1": "GB", "name": "United Kingdom"}],
        "release_date": listed.release_date or "",
        "revenue": 0,
        "runtime": listed.runtime,
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": "Released" if listed.release_date else "Planned",
        "tagline": "",
        "title": listed.title,
        "video": listed.video,
        "vote_average": 6.5 + listed.tmdb_id % 3,
        "vote_count": 40 + listed.tmdb_id % 900,
    }


def film_ids(listed: ListedFilm) -> Body:
    """The external ids of a film, as appended."""
    return {
        "imdb_id": listed.imdb_id,
        "wikidata_id": None,
        "facebook_id": None,
        "instagram_id": None,
        "twitter_id": None,
    }


def film_row(listed: ListedFilm, *, plain_names: bool = False) -> Body:
    """A film among search results, in `/find`, or as a part. `release_date` is no key where none is known."""
    title, original = ("name", "original_name") if plain_names else ("title", "original_title")
    row: Body = {
        "adult": listed.adult,
        "backdrop_path": picture("b", listed.tmdb_id),
        "id": listed.tmdb_id,
        title: listed.title,
        original: listed.title,
        "overview": names.overview(listed.tmdb_id, 3),
        "poster_path": picture("m", listed.tmdb_id),
        "media_type": "movie",
        "original_language": "en",
        "genre_ids": [18],
        "popularity": 2.5 + listed.tmdb_id % 30,
        "video": listed.video,
        "vote_average": 6.5 + listed.tmdb_id % 3,
        "vote_count": 40 + listed.tmdb_id % 900,
    }
    if listed.release_date is not None:
        row["release_date"] = listed.release_date
    return row


def collection(listed: ListedCollection, parts: list[ListedFilm]) -> Body:
    """`/collection/ID`; parts are in no order that means anything."""
    mixed = sorted(parts, key=lambda part: blake2b(str(part.tmdb_id).encode(), digest_size=4).digest())
    return {
        "id": listed.tmdb_id,
        "name": listed.name,
        "original_language": "en",
        "original_name": listed.name,
        "overview": names.overview(listed.tmdb_id, 5),
        "poster_path": picture("c", listed.tmdb_id),
        "backdrop_path": picture("b", listed.tmdb_id),
        "parts": [film_row(part, plain_names=listed.plain_names) for part in mixed],
    }


def _season_row(listed: ListedShow, number: int, episodes: list[CatalogueEpisode]) -> Body:
    days = sorted(str(episode.air_date) for episode in episodes if _is_day(episode.air_date))
    return {
        "air_date": days[0] if days else None,
        "episode_count": len(episodes),
        "id": listed.episode_base * 2 + number,
        "name": f"Season {number}" if number else "Specials",
        "overview": names.overview(listed.tmdb_id, number) if number else "",
        "poster_path": picture("s", listed.tmdb_id * 100 + number),
        "season_number": number,
        "vote_average": 7.5 if number else 0.0,
    }


def _plain_episode(listed: ListedShow, episode: CatalogueEpisode) -> Body:
    number = episode.number
    return {
        "id": episode.episode_id,
        "name": episode.title,
        "overview": names.overview(listed.tmdb_id, episode.episode_id),
        "vote_average": 7.1,
        "vote_count": 12,
        "air_date": episode.air_date,
        "episode_number": number.number,
        "production_code": f"{number.season}{number.number:02d}",
        "runtime": episode.runtime if episode.air_date else None,
        "season_number": number.season,
        "show_id": listed.tmdb_id,
        "still_path": picture("e", episode.episode_id),
    }


def _to_air(listed: ListedShow, episode: CatalogueEpisode) -> Body:
    return {**_plain_episode(listed, episode), "episode_type": "standard"}


def _episode(listed: ListedShow, episode: CatalogueEpisode, *, last: bool) -> Body:
    """An episode as a season lists it: with people, who make up most of the bytes."""
    crew, guests = _people(episode.episode_id % 97)
    return {
        **_plain_episode(listed, episode),
        "episode_type": "finale" if last else "standard",
        "crew": crew,
        "guest_stars": guests,
    }


@lru_cache(maxsize=97)
def _people(number: int) -> tuple[list[Body], list[Body]]:
    """Crew and guests of an episode; 97 companies take turns."""
    crew: list[Body] = [
        {"job": job, "department": department, "credit_id": hex_id(job, number), **_person(number + n)}
        for n, (job, department) in enumerate(_JOBS)
    ]
    guests: list[Body] = [
        {
            "character": names.person(number * 3 + n),
            "credit_id": hex_id(n, number),
            "order": n,
            **_person(number + 7 + n),
        }
        for n in range(3)
    ]
    return crew, guests


def _person(number: int) -> Body:
    return {
        "adult": False,
        "gender": 1 + number % 2,
        "id": 1_200_000 + number,
        "known_for_department": "Acting",
        "name": names.person(number),
        "original_name": names.person(number),
        "popularity": 1.5,
        "profile_path": None,
    }


def _created(number: int) -> Body:
    name = names.person(number)
    return {
        "id": 1_200_000 + number % 300,
        "credit_id": hex_id("by", number),
        "name": name,
        "original_name": name,
        "gender": 2,
        "profile_path": None,
    }


def _network(number: int) -> Body:
    network, name = _NETWORKS[number % 3]
    return {"id": network, "logo_path": picture("n", network), "name": name, "origin_country": "GB"}


def _belongs(listed: ListedCollection) -> Body:
    return {
        "id": listed.tmdb_id,
        "name": listed.name,
        "poster_path": picture("c", listed.tmdb_id),
        "backdrop_path": picture("b", listed.tmdb_id),
    }


def _is_day(raw: str | None) -> bool:
    return bool(raw) and str(raw) > "1900-12-31"
