"""The JSON cache of films: what TMDB said of a film, of a collection, of an IMDb id, of a title; one file each.

As store/cache, of which it is the half for films: any file may be deleted at any time, and costs a request then.
Changes when the form of these files changes; then FORM grows by one and older files count as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, PositiveInt

from plexgap.domain.catalogue import Hits
from plexgap.domain.films import CollectionListing, FilmFacts, ListedFilm
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.store.json_files import StoredCandidate, candidates, read, title_mark, write

FORM = 1


@dataclass(frozen=True, slots=True)
class Gone:
    """TMDB said at that moment that there is no such film or collection."""

    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class FoundFilms:
    """The films of an IMDb id; none: TMDB knows none."""

    film_ids: tuple[int, ...]
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class SearchedFilms:
    """What TMDB offers for a title."""

    hits: Hits
    fetched_at: datetime


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    form: Literal[1]
    fetched_at: AwareDatetime

    @property
    def at(self) -> datetime:
        return self.fetched_at.astimezone(UTC)


class _StoredFilm(_Stored):
    id: PositiveInt
    gone: bool = False
    title: str = ""
    release_date: date | None = None
    imdb_id: str | None = None
    runtime_min: int | None = None
    collection_id: int | None = None
    collection_name: str = ""


class _StoredPart(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: PositiveInt
    title: str = ""
    release_date: date | None = None
    adult: bool = False
    video: bool = False
    poster_path: str = ""


class _StoredCollection(_Stored):
    id: PositiveInt
    gone: bool = False
    name: str = ""
    overview: str = ""
    parts: tuple[_StoredPart, ...] = ()


class _StoredFound(_Stored):
    outside: str
    film_ids: tuple[PositiveInt, ...]


class _StoredSearch(_Stored):
    title: str
    year: int | None
    more: bool
    candidates: tuple[StoredCandidate, ...]


class FilmFiles:
    """The files below `folder`/tmdb: `movie-603.json` a film, `collection-2344.json` a collection (either may say that
    it is gone), `find-movie-imdb-tt0133093.json` an answer to `find_film`, `search-movie-0f3a....json` to a search.

    A file that can't be read, is of another form, or says that it is another title's counts as absent: it is logged,
    and the next save replaces it. Every save raises StoreError. Safe to use from several threads and processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def film(self, film_id: int) -> FilmFacts | Gone | None:
        """What was last said of the film, of whatever age; None when it was never asked for."""
        stored = read(self._path("movie", film_id), _StoredFilm, FORM)
        if stored is None or stored.id != film_id:
            return None
        if stored.gone:
            return Gone(stored.at)
        return FilmFacts(
            film_id=film_id,
            title=stored.title,
            release_date=stored.release_date,
            fetched_at=stored.at,
            imdb_id=stored.imdb_id,
            runtime_min=stored.runtime_min,
            collection_id=stored.collection_id,
            collection_name=stored.collection_name,
        )

    def save_film(self, film: FilmFacts) -> None:
        """Keeps it in place of what was said before."""
        values = {
            "title": film.title,
            "release_date": _day(film.release_date),
            "imdb_id": film.imdb_id,
            "runtime_min": film.runtime_min,
            "collection_id": film.collection_id,
            "collection_name": film.collection_name,
        }
        _write(self._path("movie", film.film_id), film.fetched_at, {"id": film.film_id, **values})

    def save_film_gone(self, film_id: int, at: datetime) -> None:
        """Keeps that TMDB has no such film."""
        _write(self._path("movie", film_id), at, {"id": film_id, "gone": True})

    def collection(self, collection_id: int) -> CollectionListing | Gone | None:
        """What was last said of the collection, of whatever age; None when it was never asked for."""
        stored = read(self._path("collection", collection_id), _StoredCollection, FORM)
        if stored is None or stored.id != collection_id:
            return None
        if stored.gone:
            return Gone(stored.at)
        parts = (
            ListedFilm(part.id, part.title, part.release_date, part.adult, part.video, part.poster_path)
            for part in stored.parts
        )
        return CollectionListing(collection_id, stored.name, tuple(parts), stored.at, stored.overview)

    def save_collection(self, listing: CollectionListing) -> None:
        """Keeps it in place of what was said before."""
        values = {
            "id": listing.collection_id,
            "name": listing.name,
            "overview": listing.overview,
            "parts": [_part(part) for part in listing.parts],
        }
        _write(self._path("collection", listing.collection_id), listing.fetched_at, values)

    def save_collection_gone(self, collection_id: int, at: datetime) -> None:
        """Keeps that TMDB has no such collection."""
        _write(self._path("collection", collection_id), at, {"id": collection_id, "gone": True})

    def collection_stamp(self, collection_id: int) -> int | None:
        """Moves with every save: when the file was last written, in nanoseconds; None when there is none."""
        try:
            return self._path("collection", collection_id).stat().st_mtime_ns
        except OSError:
            return None

    def found(self, outside: ExternalId) -> FoundFilms | None:
        """What `find_film` last said of this id, of whatever age; None when it was never asked."""
        stored = read(self._folder / self.found_file(outside), _StoredFound, FORM)
        if stored is None or stored.outside != str(outside):
            return None
        return FoundFilms(stored.film_ids, stored.at)

    def save_found(self, outside: ExternalId, film_ids: tuple[int, ...], at: datetime) -> None:
        """Keeps it in place of what was said before."""
        _write(self._folder / self.found_file(outside), at, {"outside": str(outside), "film_ids": film_ids})

    def searched(self, title: str, year: int | None) -> SearchedFilms | None:
        """What was last offered for this title and year, of whatever age; None when it was never asked."""
        stored = read(self._folder / self.search_file(title, year), _StoredSearch, FORM)
        if stored is None or (stored.title, stored.year) != (title, year):
            return None
        offered = tuple(each.read(Source.TMDB) for each in stored.candidates)
        return SearchedFilms(Hits(offered, stored.more), stored.at)

    def save_searched(self, title: str, year: int | None, hits: Hits, at: datetime) -> None:
        """Keeps it in place of what was said before."""
        values = {
            "title": title,
            "year": year,
            "more": hits.more,
            "candidates": candidates(hits.candidates),
        }
        _write(self._folder / self.search_file(title, year), at, values)

    def file_of(self, kind: str, number: int) -> str:
        """The name of a film's or a collection's file below the cache's folder: of numbers alone, so that no name leads
        out of it."""
        if number <= 0:
            raise ValueError(f"{number} is no {kind}")
        return f"{Source.TMDB}/{kind}-{number}.json"

    def found_file(self, outside: ExternalId) -> str:
        """Its name below the cache's folder."""
        if external_id(outside.source, outside.value) != outside:
            raise ValueError(f"{outside} is no id")
        return f"{Source.TMDB}/find-movie-{outside.source}-{outside.value}.json"

    def search_file(self, title: str, year: int | None) -> str:
        """Its name below the cache's folder. Titles hold anything: the name is made of their hash."""
        return f"{Source.TMDB}/search-movie-{title_mark(title, year)}.json"

    def _path(self, kind: str, number: int) -> Path:
        return self._folder / self.file_of(kind, number)


def _write(path: Path, at: datetime, values: Mapping[str, object]) -> None:
    write(path, {"form": FORM, "fetched_at": at.isoformat(), **values})


def _part(part: ListedFilm) -> dict[str, object]:
    """What is not so is left out."""
    values: dict[str, object] = {"id": part.film_id, "title": part.title, "release_date": _day(part.release_date)}
    values |= {name: True for name, is_so in (("adult", part.adult), ("video", part.video)) if is_so}
    return values | ({"poster_path": part.poster_path} if part.poster_path else {})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
