"""Films and collections for other programs: their part of JSON version 1, and their rows of the CSV.

Exactly as design/interface.md 3 and 4 promise; changes when that promise grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from plexgap.domain.catalogue import Candidate
from plexgap.domain.verdicts import State
from plexgap.views.film_lines import is_ahead
from plexgap.views.films import CollectionReport, FilmLine, Films, FilmToMap

_Json = dict[str, Any]


def collections_json(films: Films) -> list[_Json]:
    """`collections`: every one that is begun, complete ones too."""
    return [_collection(collection) for collection in films.collections]


def needs_mapping_json(films: Films) -> list[_Json]:
    """`needs_mapping`, the films of it."""
    return [
        {**_heading(film), "candidates": [candidate_json(each) for each in film.candidates]}
        for film in films.open
        if film.state is State.NEEDS_MAPPING
    ]


def unknown_json(films: Films) -> list[_Json]:
    """`unknown`: films of which nobody knows which they are, then collections. A collection's `plex_rating_keys` are
    those of its held films."""
    return [
        *({**_heading(film), "reason": film.reason} for film in films.open if film.state is State.UNKNOWN),
        *(
            {
                "title": one.name,
                "year": None,
                "library": ", ".join(one.libraries),
                "kind": "collection",
                "plex_rating_keys": [key for line in one.lines for key in line.rating_keys],
                "reason": one.reason or "",
            }
            for one in films.collections
            if one.state is State.UNKNOWN
        ),
    ]


def candidate_json(candidate: Candidate) -> _Json:
    """One of `candidates`, of a show or a film."""
    return {
        "provider": candidate.provider.value,
        "id": candidate.show_id,
        "title": candidate.title,
        "year": candidate.year,
        "seasons": candidate.seasons,
        "episodes": candidate.episodes,
    }


def csv_rows(films: Films, as_of: datetime, *, only_upcoming: bool) -> Iterator[tuple[object, ...]]:
    """One row a missing film of the collections with gaps, or (`only_upcoming`) a dated future one of any judged."""
    for collection in films.collections:
        if not collection.is_judged:
            continue
        for line in collection.lines:
            ahead = is_ahead(line, as_of) and not line.is_held and not line.is_ignored
            if ahead if only_upcoming else line.is_missing:
                yield _row(collection, line, "upcoming" if ahead else "missing")


def _row(collection: CollectionReport, line: FilmLine, standing: str) -> tuple[object, ...]:
    return (
        *("movie", collection.name, line.year, None, None, line.title),
        *(_day(line), standing, ", ".join(collection.libraries), line.tmdb_id, None, line.imdb_id),
        line.links[0].url if line.links else None,
    )


def _collection(collection: CollectionReport) -> _Json:
    return {
        "tmdb_id": collection.tmdb_id,
        "name": collection.name,
        "state": collection.state.value,
        "held": collection.held,
        "listed": collection.listed,
        "missing": [_film(line) for line in collection.missing],
        "announced": [_film(line) for line in collection.announced],
        "ignored": [_ignored(line) for line in collection.ignored],
    }


def _film(line: FilmLine) -> _Json:
    return {
        "tmdb_id": line.tmdb_id,
        "imdb_id": line.imdb_id,
        "title": line.title,
        "release_date": _day(line),
        "links": [{"label": link.label, "url": link.url} for link in line.links],
    }


def _ignored(line: FilmLine) -> _Json:
    ignore = line.ignore
    return {
        **_film(line),
        "reason": (ignore.reason or None) if ignore else None,
        "until": ignore.until.isoformat() if ignore and ignore.until else None,
    }


def _heading(film: FilmToMap) -> _Json:
    return {
        "title": film.title,
        "year": film.year,
        "library": ", ".join(film.libraries),
        "kind": "movie",
        "plex_rating_keys": list(film.rating_keys),
    }


def _day(line: FilmLine) -> str | None:
    return line.release_date.isoformat() if line.release_date else None
