"""What a person may decide about films and collections. Kept in decisions.json, keyed by TMDB's ids.

Taking an ignore back is `choices.unignore`, whatever it is about.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from uuid import uuid4

from plexgap.domain.decisions import Ignore, Level, TitleRef
from plexgap.domain.ids import ExternalId, Source, external_id
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
    ids = frozenset({_tmdb(film.tmdb_id)} | ({imdb} if imdb is not None else set()))
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
    title = TitleRef(frozenset({_tmdb(collection.tmdb_id)}), frozenset(), collection.name)
    return _keep(decisions, title, Level.COLLECTION, until, reason, now)


def _keep(
    decisions: DecisionStore, title: TitleRef, level: Level, until: date | None, reason: str, now: datetime
) -> Ignore:
    made = Ignore(uuid4().hex[:12], title, level, now, provider=Source.TMDB, until=until, reason=reason.strip())
    decisions.add_ignore(made)
    return made


def _tmdb(number: int) -> ExternalId:
    return ExternalId(Source.TMDB, str(number))
