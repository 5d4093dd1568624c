"""What a collection lacks: which of its parts count, and the standing of each at a moment. Pure.

Source: design/gaps.md 7. The moments and thresholds are those of episodes (gaps/rules).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from plexgap.domain.decisions import Decisions, Ignore, Level
from plexgap.domain.films import CollectionListing, ListedFilm, of_tmdb
from plexgap.domain.ids import ExternalId
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps import rules
from plexgap.gaps.rules import Rules


@dataclass(frozen=True, slots=True)
class Filters:
    """The settings that decide which collections and which of their parts count. `min_size`: released parts,
    `min_owned`: held ones; `min_runtime_min` 0: any length."""

    min_size: int = 2
    min_owned: int = 1
    adult: bool = False
    video: bool = False
    min_runtime_min: int = 0


@dataclass(frozen=True, slots=True)
class StandingFilm:
    """A part with its standing. Announced ones are JUST_AIRED (within the threshold), UPCOMING or UNDATED."""

    film: ListedFilm
    standing: Standing
    ignore: Ignore | None = None


@dataclass(frozen=True, slots=True)
class JudgedCollection:
    """The parts that count, in the listing's order. `held`, `listed`: released ones; `held` never exceeds `listed`.
    `is_begun`: enough of it is released and held for it to be shown. `ignore`: the one of the whole collection."""

    films: tuple[StandingFilm, ...]
    held: int
    listed: int
    is_begun: bool
    ignore: Ignore | None = None

    @property
    def missing(self) -> tuple[ListedFilm, ...]:
        return tuple(one.film for one in self.films if one.standing is Standing.MISSING)

    @property
    def state(self) -> State:
        """COMPLETE or GAPS, of what the listing says."""
        return State.GAPS if self.missing else State.COMPLETE


class IgnoredFilms:
    """The ignores of films and of collections that are in force at a moment."""

    def __init__(self, decisions: Decisions, now: datetime) -> None:
        self._films: dict[ExternalId, Ignore] = {}
        self._collections: dict[ExternalId, Ignore] = {}
        of = {Level.MOVIE: self._films, Level.COLLECTION: self._collections}
        for ignore in rules.in_force(decisions, now):
            if ignore.level in of:
                of[ignore.level].update(dict.fromkeys(ignore.title.ids, ignore))

    def of_film(self, film: ListedFilm) -> Ignore | None:
        """By its TMDB id: only that is surely the film's own."""
        return self._films.get(of_tmdb(film.film_id))

    def of_collection(self, collection_id: int) -> Ignore | None:
        return self._collections.get(of_tmdb(collection_id))


def counting(
    parts: Iterable[ListedFilm], filters: Filters, lengths: Mapping[int, int | None]
) -> tuple[ListedFilm, ...]:
    """The parts that count, held or not. `lengths`: minutes of held ones, by Plex's word; a part of which nobody knows
    the length counts."""

    def is_long_enough(film: ListedFilm) -> bool:
        length = film.runtime_min or lengths.get(film.film_id)
        return not length or length >= filters.min_runtime_min

    return tuple(
        film
        for film in parts
        if (filters.adult or not film.adult) and (filters.video or not film.video) and is_long_enough(film)
    )


def judge(
    listing: CollectionListing,
    held: Collection[int],
    filters: Filters,
    standings: Rules,
    ignored: IgnoredFilms,
    now: datetime,
    lengths: Mapping[int, int | None] | None = None,
) -> JudgedCollection:
    """The collection as it stands at that moment, when these films of it are held (by number)."""
    whole = ignored.of_collection(listing.collection_id)
    films = tuple(
        _standing(film, film.film_id in held, whole or ignored.of_film(film), standings, now)
        for film in counting(listing.parts, filters, lengths or {})
    )
    owned = sum(one.standing is Standing.HELD for one in films)
    absent = [one for one in films if one.standing is not Standing.HELD]
    released = sum(_is_released(one.film, standings, now) for one in absent)
    ahead = sum(one.standing is Standing.MISSING and not _is_released(one.film, standings, now) for one in absent)
    return JudgedCollection(
        films=films,
        held=owned,
        listed=owned + released + ahead,
        is_begun=owned + released >= filters.min_size and owned >= max(1, filters.min_owned),
        ignore=whole,
    )


def _standing(film: ListedFilm, is_held: bool, ignore: Ignore | None, standings: Rules, now: datetime) -> StandingFilm:
    if is_held:
        return StandingFilm(film, Standing.HELD, ignore)
    return StandingFilm(film, rules.standing(film.release_date, standings, now, ignored=ignore is not None), ignore)


def _is_released(film: ListedFilm, standings: Rules, now: datetime) -> bool:
    """Whether its threshold is over, so that it would be missing if nobody held or ignored it."""
    return film.release_date is not None and rules.is_due(film.release_date, standings, now)
