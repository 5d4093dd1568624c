"""What a person may decide about films and collections. Kept in decisions.json, keyed by TMDB's ids.

Taking an ignore back is `choices.unignore`, whatever it is about.
"""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import Protocol
from uuid import uuid4

from plexgap.domain.decisions import Ignore, Level, Override, TitleRef
from plexgap.domain.errors import NotListed
from plexgap.domain.films import FilmCatalogue, of_tmdb
from plexgap.domain.ids import Source, external_id
from plexgap.domain.library import Kind
from plexgap.gaps.rules import override_of
from plexgap.jobs.film_lookup import FilmLookup
from plexgap.jobs.lookup import Asking
from plexgap.jobs.parts import Parts
from plexgap.store.decisions import DecisionStore


class IgnorableFilm(Protocol):
    """A film as a report shows it (FilmLine), as far as a decision needs it."""

    @property
    def tmdb_id(self) -> int: ...
    @property
    def imdb_id(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


class IgnorableCollection(Protocol):
    """A collection as a report shows it (CollectionReport)."""

    @property
    def tmdb_id(self) -> int: ...
    @property
    def name(self) -> str: ...


def ignore_film(
    decisions: DecisionStore, film: IgnorableFilm, *, until: date | None = None, reason: str = "", now: datetime
) -> Ignore:
    """Ignores one film, in whatever collection it stands; gives the decision as it was kept."""
    imdb = external_id(Source.IMDB, film.imdb_id)
    ids = frozenset({of_tmdb(film.tmdb_id)} | ({imdb} if imdb is not None else set()))
    return _keep(decisions, TitleRef(ids, frozenset(), film.title, film.year), Level.MOVIE, until, reason, now)


def ignore_collection(
    decisions: DecisionStore,
    collection: IgnorableCollection,
    *,
    until: date | None = None,
    reason: str = "",
    now: datetime,
) -> Ignore:
    """Ignores all that a collection lacks, now and later; gives the decision as it was kept."""
    title = TitleRef(frozenset({of_tmdb(collection.tmdb_id)}), frozenset(), collection.name)
    return _keep(decisions, title, Level.COLLECTION, until, reason, now)


class PlaceableFilm(Protocol):
    """A film in Plex (FilmToMap, FilmTitle): what Plex alone says of it."""

    @property
    def ref(self) -> TitleRef: ...


def override_film(parts: Parts, catalogue: FilmCatalogue, film: PlaceableFilm, tmdb_id: int) -> Override:
    """Keeps the person's word on which film of TMDB this is, once TMDB has said that there is one. What it said of the
    film and its collection is kept among our files, so that it counts at once.

    Raises NotListed when there is none, SourceError when TMDB gave no answer: nothing is kept then.
    """
    lookup = FilmLookup(parts, catalogue)
    facts = lookup.film(tmdb_id, Asking.AGAIN)
    assert facts is not None  # it was asked for
    if facts.collection_id is not None:
        with contextlib.suppress(NotListed):
            lookup.collection(facts.collection_id, Asking.AGAIN)
    year = f" ({facts.release_date.year})" if facts.release_date is not None else ""
    made = Override(film.ref, parts.now(), tmdb_id, echo=f"{facts.title}{year}", kind=Kind.MOVIE)
    parts.decisions.set_override(made)
    return made


def said_of_film(decisions: DecisionStore, film: PlaceableFilm) -> Override | None:
    """The person's word on which film this is; None where there is none."""
    return override_of(decisions.load(), film.ref, Kind.MOVIE)


def put_film_back(decisions: DecisionStore, film: PlaceableFilm, said: Override | None) -> None:
    """Makes this all that is said of the film; None: nothing is."""
    if said is None:
        decisions.clear_override(film.ref, Kind.MOVIE)
    else:
        decisions.set_override(said)


def clear_film_override(parts: Parts, film: PlaceableFilm) -> Override | None:
    """Takes the person's word on a film back; None when there was none."""
    return parts.decisions.clear_override(film.ref, Kind.MOVIE)


def _keep(
    decisions: DecisionStore, title: TitleRef, level: Level, until: date | None, reason: str, now: datetime
) -> Ignore:
    made = Ignore(uuid4().hex[:12], title, level, now, provider=Source.TMDB, until=until, reason=reason.strip())
    decisions.add_ignore(made)
    return made
