"""Films and collections: what Plex holds of them, what TMDB lists, and what is stored of a check.

Collections are TMDB's. Plex's own are another thing and play no part. Source: design/gaps.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from plexgap.domain.catalogue import Ask, Candidate, Hits
from plexgap.domain.grounds import Ground
from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.domain.verdicts import Outcome


@dataclass(frozen=True)
class HeldFilm:
    """One film item of one section of Plex. One film may be several: editions, qualities, libraries.

    `guid` is the item's own, `guids` are those beside it ("tmdb://603"), in a fixed order. `held_back`: Plex no longer
    lists it, but the removal waits for the person.
    """

    rating_key: str
    section_uuid: str
    section_title: str
    title: str
    year: int | None
    guid: str
    guids: tuple[str, ...] = ()
    duration_ms: int | None = None
    thumb: str = ""
    held_back: bool = False

    @cached_property
    def ids(self) -> frozenset[ExternalId]:
        """What its guids say of it. Read out of them when it is first asked for: of most films nobody asks."""
        return parse_guids((*self.guids, *(() if self.guid.startswith("plex://") else (self.guid,))))


@dataclass(frozen=True, slots=True)
class ListedFilm:
    """A film as a part of a collection. `release_date` None: TMDB gives none that can be read. `poster_path`: "" where
    it has no picture. `imdb_id`, `runtime_min`: None while unknown, because a collection's own answer lacks both."""

    film_id: int
    title: str
    release_date: date | None = None
    adult: bool = False
    video: bool = False
    poster_path: str = ""
    imdb_id: str | None = None
    runtime_min: int | None = None


@dataclass(frozen=True, slots=True)
class CollectionListing:
    """A collection as TMDB lists it: its parts in order of release, those without a date last. `fetched_at` UTC."""

    collection_id: int
    name: str
    parts: tuple[ListedFilm, ...]
    fetched_at: datetime
    overview: str = ""


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """A film as TMDB knows it by itself. `collection_id` None: it says that the film belongs to none.

    `runtime_min` None: it doesn't know. `collection_name` "" where there is none.
    """

    film_id: int
    title: str
    release_date: date | None
    fetched_at: datetime
    imdb_id: str | None = None
    runtime_min: int | None = None
    collection_id: int | None = None
    collection_name: str = ""


class FilmCatalogue(Protocol):
    """TMDB, asked about films. Every method raises SourceError when it got no answer; only NotListed means "no such
    thing"."""

    @property
    def name(self) -> str:
        """As people know it: "TMDB"."""
        ...

    def film(self, film_id: int, ask: Ask = Ask.REVALIDATE) -> FilmFacts:
        """NotListed: the film was deleted or never there."""
        ...

    def collection(self, collection_id: int, ask: Ask = Ask.REVALIDATE) -> CollectionListing:
        """With all its parts. NotListed: the collection was deleted or never there."""
        ...

    def find_film(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        """The films that an IMDb id belongs to; empty when it knows none."""
        ...

    def search_film(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        """The first page of films whose title resembles this one; `year`: only those first released then. A
        candidate's `show_id` is the film's id."""
        ...


@dataclass(frozen=True, slots=True)
class FilmCheck:
    """What is stored of one film item of Plex. `mark` names the facts it was made from: another mark is another film.

    `film_id`: what it was taken for, also where the last lookup failed (UNKNOWN) but an earlier one had said so;
    `collection_id`: what TMDB's answer about the film itself named, None where it named none or was not asked for.
    `reason`: one sentence where it was not JUDGED, and how it was found where a search found it. `checked_at`: when
    TMDB said so, None: never; `tried_at`: when it was asked last. `grounds`: the answers it rests on, where no
    collection lists the film; `fresh_until`: when the first of them no longer holds, None: that is not known.
    """

    rating_key: str
    mark: str
    outcome: Outcome
    reason: str
    film_id: int | None
    collection_id: int | None
    candidates: tuple[Candidate, ...]
    checked_at: datetime | None
    tried_at: datetime
    grounds: tuple[Ground, ...] = ()
    fresh_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CollectionCheck:
    """What is stored of a collection of which some film is held.

    `outcome`: JUDGED, or UNKNOWN where the last lookup failed: `listing` is then the last good answer, None where
    there never was one. `is_gone`: TMDB has no such collection any more. `absent`: the films of it that were held
    nowhere at that time, in order of release. `stamp`: of the listing's file then.
    """

    collection_id: int
    name: str
    outcome: Outcome
    reason: str
    listing: CollectionListing | None
    tried_at: datetime
    is_gone: bool = False
    absent: tuple[int, ...] = ()
    stamp: int | None = None


def of_tmdb(number: int) -> ExternalId:
    """The outside id of a film or a collection of that number. Which of the two it is, it doesn't say."""
    return ExternalId(Source.TMDB, str(number))
