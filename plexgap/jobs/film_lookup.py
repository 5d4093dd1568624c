"""From a film in Plex to the film of TMDB that it is, and to its collection: which ids are tried, when its name is
searched for, which answers are taken from our own files, which are asked.

Source: design/matching.md 1, design/gaps.md 7, 8. The half of jobs/lookup for films.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from plexgap.domain.catalogue import Candidate, Hits
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed
from plexgap.domain.films import CollectionListing, FilmCatalogue, FilmFacts
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import freshness, search
from plexgap.gaps.film_titles import FilmTitle, ids_to_try
from plexgap.jobs.lookup import Asking, search_for
from plexgap.jobs.nowhere import FILM, why_none, why_unclear
from plexgap.jobs.once import Once
from plexgap.jobs.parts import Parts
from plexgap.jobs.trail import Trail
from plexgap.store.film_files import FoundFilms, Gone, SearchedFilms

log = logging.getLogger(__name__)

_TMDB = Source.TMDB.label


@dataclass(frozen=True, slots=True)
class Placed:
    """The film that a title is. `facts` None: a collection that is known anyway lists it, so it was not asked for.
    `checked_at`: when TMDB said so. `by_title`: that a search found it and why, whole sentences; "" where an id did."""

    film_id: int
    facts: FilmFacts | None
    checked_at: datetime | None = None
    by_title: str = ""
    trail: Trail | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NoFilm:
    """Neither an id nor its name leads anywhere: the person must say which it is. `reason` is one sentence;
    `candidates`: what there is to choose from, best first."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    trail: Trail | None = field(default=None, compare=False, repr=False)


class FilmLookup:
    """Finds films and collections for one run. Safe to use from several threads; asks for each thing once.

    `catalogue` None: only our own files are read.
    """

    def __init__(self, parts: Parts, catalogue: FilmCatalogue | None = None) -> None:
        self._listings = parts.listings
        self._files = parts.listings.films
        self._now = parts.now
        self._catalogue = catalogue
        self._films: Once[int, FilmFacts] = Once()
        self._collections: Once[int, CollectionListing] = Once()
        self._ids: Once[ExternalId, FoundFilms] = Once()
        self._titles: Once[search.Sought, SearchedFilms] = Once()

    def asked_for(self, collection_id: int) -> bool:
        """Whether TMDB was asked for it in this run."""
        return collection_id in self._collections

    @property
    def films_asked(self) -> int:
        """How many films TMDB was asked about, each by itself, in this run."""
        return len(self._films)

    def place(
        self, film: FilmTitle, override: Override | None, asking: Asking, is_listed: Callable[[int], bool]
    ) -> Placed | NoFilm | None:
        """The film that a title is; None where only our own files may be read and they don't say. `is_listed`: whether
        a collection that is known by now lists the film of that number, so that it need not be asked for.

        Raises SourceError when TMDB gave no answer: what it is is unknown then.
        """
        trail = Trail(self._listings, self._now)
        found = self._place(film, override, asking, is_listed, trail)
        return replace(found, trail=trail) if found is not None else None

    def _place(
        self,
        film: FilmTitle,
        override: Override | None,
        asking: Asking,
        is_listed: Callable[[int], bool],
        trail: Trail,
    ) -> Placed | NoFilm | None:
        if override is not None and override.tmdb_id is not None:
            try:
                return self._by_number(override.tmdb_id, asking, is_listed, trail)
            except NotListed:
                return NoFilm(f"{_TMDB} no longer lists the film you chose for it (number {override.tmdb_id}).")
        tried = 0
        for outside in ids_to_try(film):
            found = self._found(outside, asking, trail)
            if found is None:
                return None
            for film_id in found:
                tried += 1
                try:
                    return self._by_number(film_id, asking, is_listed, trail)
                except NotListed:
                    continue
        return self._by_title(film, why_none(film.ids, tried, Source.TMDB, FILM), asking, is_listed, trail)

    def film(self, film_id: int, asking: Asking) -> FilmFacts | None:
        """What TMDB says of the film; None where only our own files may be read and it isn't there. NotListed: there is
        no such film."""
        kept = self._files.film(film_id)
        catalogue = self._catalogue
        if asking is Asking.NOTHING or catalogue is None or self._holds(film_id, kept, asking):
            if isinstance(kept, Gone):
                raise NotListed(_TMDB, f"the film with number {film_id}")
            return kept if kept is not None and freshness.film_may_be_kept(kept.fetched_at, self._now()) else None

        def ask() -> FilmFacts:
            try:
                facts = catalogue.film(film_id, asking.how)
            except NotListed:
                self._files.save_film_gone(film_id, self._now())
                raise
            self._files.save_film(facts)
            return facts

        return self._films.answer(film_id, ask)

    def details(self, film_id: int) -> FilmFacts | None:
        """The film's IMDb id and length, for one that is missing: asked for once and kept, as long as TMDB's terms let
        it be; one without an IMDb id is asked for again after a week. None: TMDB has no such film any more."""
        kept = self._files.film(film_id)
        if isinstance(kept, FilmFacts) and kept.imdb_id and freshness.film_may_be_kept(kept.fetched_at, self._now()):
            return kept
        try:
            return self.film(film_id, Asking.EXPIRED)
        except NotListed:
            return None

    def kept_details(self, film_id: int) -> FilmFacts | None:
        """The same from our own files alone, of whatever age may be kept."""
        kept = self._files.film(film_id)
        if not isinstance(kept, FilmFacts) or not freshness.film_may_be_kept(kept.fetched_at, self._now()):
            return None
        return kept

    def collection(self, collection_id: int, asking: Asking) -> CollectionListing | None:
        """The collection with its parts; None where only our own files may be read and it isn't there. NotListed: TMDB
        has no such collection."""
        kept = self._files.collection(collection_id)
        catalogue = self._catalogue
        if asking is Asking.NOTHING or catalogue is None or self._collection_holds(collection_id, kept, asking):
            if isinstance(kept, Gone):
                raise NotListed(_TMDB, f"the collection with number {collection_id}")
            return kept if kept is not None and freshness.film_may_be_kept(kept.fetched_at, self._now()) else None

        def ask() -> CollectionListing:
            try:
                listing = catalogue.collection(collection_id, asking.how)
            except NotListed:
                self._files.save_collection_gone(collection_id, self._now())
                raise
            self._files.save_collection(listing)
            return listing

        return self._collections.answer(collection_id, ask)

    def kept_collection(self, collection_id: int) -> CollectionListing | None:
        """What TMDB last said of it, from our own files alone, of whatever age may be kept."""
        kept = self._files.collection(collection_id)
        if not isinstance(kept, CollectionListing) or not freshness.film_may_be_kept(kept.fetched_at, self._now()):
            return None
        return kept

    def _holds(self, film_id: int, kept: FilmFacts | Gone | None, asking: Asking) -> bool:
        if asking is not Asking.EXPIRED or kept is None or film_id in self._films:
            return False
        return freshness.film_is_fresh(kept.fetched_at, self._now())

    def _collection_holds(self, collection_id: int, kept: CollectionListing | Gone | None, asking: Asking) -> bool:
        if asking is not Asking.EXPIRED or kept is None or collection_id in self._collections:
            return False
        if isinstance(kept, Gone):
            return freshness.film_is_fresh(kept.fetched_at, self._now())
        return freshness.collection_is_fresh(kept, self._now())

    def _by_number(self, film_id: int, asking: Asking, is_listed: Callable[[int], bool], trail: Trail) -> Placed | None:
        if is_listed(film_id):
            return Placed(film_id, None)
        file = self._files.file_of("movie", film_id)
        stamp = self._listings.stamp_of(file)
        try:
            facts = self.film(film_id, asking)
        except NotListed:
            kept = self._files.film(film_id)
            trail.film(file, self._listings.stamp_of(file), kept.fetched_at if kept is not None else self._now())
            raise
        if facts is not None:
            was_asked = film_id in self._films
            trail.film(file, self._listings.stamp_of(file) if was_asked else stamp, facts.fetched_at)
        return Placed(film_id, facts, facts.fetched_at) if facts is not None else None

    def _found(self, outside: ExternalId, asking: Asking, trail: Trail) -> tuple[int, ...] | None:
        """The films behind an id; None when our files don't say and nothing may be asked."""
        if outside.source is Source.TMDB:
            return (int(outside.value),)
        kept = self._files.found(outside)
        if kept is not None and (
            asking is Asking.NOTHING
            or (
                asking is Asking.EXPIRED
                and freshness.found_is_fresh(kept.fetched_at, self._now(), found=bool(kept.film_ids))
            )
        ):
            self._note_found(outside, kept, trail)
            return kept.film_ids
        catalogue = self._catalogue
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> FoundFilms:
            found = FoundFilms(catalogue.find_film(outside, asking.how), self._now())
            self._files.save_found(outside, found.film_ids, found.fetched_at)
            return found

        found = self._ids.answer(outside, ask)
        self._note_found(outside, found, trail)
        return found.film_ids

    def _note_found(self, outside: ExternalId, found: FoundFilms, trail: Trail) -> None:
        until = freshness.found_until(found.fetched_at, found=bool(found.film_ids))
        trail.answer(self._files.found_file(outside), found.fetched_at, until)

    def _by_title(
        self, film: FilmTitle, why: str, asking: Asking, is_listed: Callable[[int], bool], trail: Trail
    ) -> Placed | NoFilm | None:
        """What a search finds. `why`: why it is needed, the beginning of a sentence."""
        wanted = search.sought(film.name, film.year)
        if not search.says_enough(wanted, (item.guid for item in film.items)):
            return NoFilm(f"{why}, and its name alone says too little.")
        hits = self._hits(wanted, asking, trail)
        if hits is None:
            return None
        choice = search.choose(wanted, hits.candidates, more=hits.more)
        if choice.show is None:
            return NoFilm(f"{why}, and {why_unclear(wanted, choice, Source.TMDB, FILM)}.", choice.candidates)
        try:
            placed = self._by_number(choice.show.show_id, asking, is_listed, trail)
        except NotListed:
            return NoFilm(f"{why}, and {_TMDB} no longer lists the film of its name.")
        how = "its title and year" if wanted.year is not None else "its title"
        return replace(placed, by_title=f"Found by {how}. {why}.") if placed is not None else None

    def _hits(self, wanted: search.Sought, asking: Asking, trail: Trail) -> Hits | None:
        """What TMDB offers for a title; None when our files don't say and nothing may be asked."""
        kept = self._files.searched(wanted.title, wanted.year)
        if kept is not None and (asking is Asking.NOTHING or (asking is Asking.EXPIRED and self._told(wanted, kept))):
            self._note_searched(wanted, kept, trail)
            return kept.hits
        catalogue = self._catalogue
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> SearchedFilms:
            searched = SearchedFilms(search_for(wanted, partial(catalogue.search_film, ask=asking.how)), self._now())
            self._files.save_searched(wanted.title, wanted.year, searched.hits, searched.fetched_at)
            return searched

        searched = self._titles.answer(wanted, ask)
        self._note_searched(wanted, searched, trail)
        return searched.hits

    def _note_searched(self, wanted: search.Sought, searched: SearchedFilms, trail: Trail) -> None:
        until = freshness.found_until(searched.fetched_at, found=search.tells(wanted, searched.hits))
        trail.answer(self._files.search_file(wanted.title, wanted.year), searched.fetched_at, until)

    def _told(self, wanted: search.Sought, kept: SearchedFilms) -> bool:
        return freshness.found_is_fresh(kept.fetched_at, self._now(), found=search.tells(wanted, kept.hits))
