"""TMDB about films and collections: what is asked, and what the answers mean in our words. Changes when either does.

Source: developer.themoviedb.org; reference/tmdb.md 5 and 6.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import quote

from plexgap.domain.catalogue import Ask, Candidate, Hits
from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.domain.films import CollectionListing, FilmFacts, ListedFilm
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.sources import tmdb_wire as wire
from plexgap.sources.tmdb import Tmdb


class TmdbFilms:
    """TMDB as a catalogue of films. Usable from several threads. One request for each question."""

    name = wire.NAME

    def __init__(self, tmdb: Tmdb, now: Callable[[], datetime]) -> None:
        self._tmdb = tmdb
        self._now = now

    def film(self, film_id: int, ask: Ask = Ask.REVALIDATE) -> FilmFacts:
        """NotListed: TMDB deleted it or never had it."""
        fetched_at = self._now()
        path = f"/movie/{film_id}"
        movie = wire.read(wire.Movie, self._tmdb.get(path, {}, ask, f"the film with number {film_id}"), path)
        _demand(movie.id == film_id, f"{path}: it is film {movie.id}", "another film")
        collection, imdb = movie.belongs_to_collection, external_id(Source.IMDB, movie.imdb_id)
        return FilmFacts(
            film_id=movie.id,
            title=movie.title or movie.original_title or "",
            release_date=_day(movie.release_date, movie.id),
            fetched_at=fetched_at,
            imdb_id=imdb.value if imdb is not None else None,
            runtime_min=movie.runtime or None,
            collection_id=collection.id if collection is not None else None,
            collection_name=(collection.name or "") if collection is not None else "",
        )

    def collection(self, collection_id: int, ask: Ask = Ask.REVALIDATE) -> CollectionListing:
        """With every part, each once; there are no pages (5). NotListed: TMDB deleted it or never had it."""
        fetched_at = self._now()
        path = f"/collection/{collection_id}"
        body = self._tmdb.get(path, {}, ask, f"the collection with number {collection_id}")
        found = wire.read(wire.Collection, body, path)
        _demand(found.id == collection_id, f"{path}: it is collection {found.id}", "another collection")
        parts = {row.id: _part(row) for row in found.parts}
        return CollectionListing(
            collection_id=found.id,
            name=found.name or "",
            parts=tuple(sorted(parts.values(), key=_by_release)),
            fetched_at=fetched_at,
            overview=found.overview or "",
        )

    def find_film(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        """The films behind an IMDb id; empty when TMDB knows none, and for an id of TheTVDB: those of films are not
        known to it (6). TMDB's own id is itself."""
        if outside.source is Source.TMDB:
            return (int(outside.value),)
        if outside.source is not Source.IMDB:
            return ()
        path = f"/find/{quote(outside.value, safe='')}"
        try:
            body = self._tmdb.get(path, {"external_source": "imdb_id"}, ask)
        except NotListed:
            return ()
        return tuple(dict.fromkeys(hit.id for hit in wire.read(wire.Found, body, path).movie_results))

    def search_film(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        """The first page, at most 20 films, by name. A year is a hard filter on the first release anywhere (6)."""
        path = "/search/movie"
        params = {"query": title} if year is None else {"query": title, "primary_release_year": str(year)}
        try:
            body = self._tmdb.get(path, params, ask)
        except NotListed:
            raise BadAnswer(
                wire.NAME, f"{path}: not there", "TMDB did not answer a search by title. Try again later."
            ) from None
        found = wire.read(wire.Search, body, path)
        return Hits(tuple(map(_candidate, found.results)), more=found.total_pages > 1)


def _part(row: wire.PartRow) -> ListedFilm:
    return ListedFilm(
        film_id=row.id,
        title=row.title or row.name or row.original_title or row.original_name or "",
        release_date=_day(row.release_date, row.id),
        adult=bool(row.adult),
        video=bool(row.video),
        poster_path=row.poster_path or "",
    )


def _candidate(row: wire.SearchRow) -> Candidate:
    title, original = row.title or row.original_title or "", row.original_title or ""
    released = _day(row.release_date, row.id)
    return Candidate(
        provider=Source.TMDB,
        show_id=row.id,
        title=title,
        year=released.year if released is not None else None,
        original_title=original if original != title else "",
    )


def _by_release(film: ListedFilm) -> tuple[bool, date, int]:
    """Order of release; those without a date last, by number."""
    return (film.release_date is None, film.release_date or date.min, film.film_id)


def _day(raw: str | None, film_id: int) -> date | None:
    return wire.day(raw, film_id, "its release", kind="film")


def _demand(is_so: bool, problem: str, plain: str) -> None:
    if not is_so:
        raise BadAnswer(wire.NAME, problem, f"TMDB answered with {plain}. Try again later.")
