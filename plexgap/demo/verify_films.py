"""Whether a report says of films what the invented world states: collection by collection, and by tag.

The half of demo/verify for films. Changes when more of a collection is stated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plexgap.demo.truth import CollectionTruth, FilmTruth
from plexgap.demo.verify import TOTAL, Difference, TagScore, Verified
from plexgap.domain.verdicts import State
from plexgap.views.films import CollectionReport, Films

_JUDGED = (State.COMPLETE, State.GAPS)


def verified_films(
    seed: int, collections: Sequence[CollectionTruth], to_map: Sequence[FilmTruth], films: Films
) -> Verified:
    """What the report says of collections, and of films without an id, held against what is stated. Of no seed, so that
    it can be merged with what is said of the shows of the same world."""
    found = Verified()
    told = {one.tmdb_id: one for one in films.collections}
    for truth in collections:
        seen = told.pop(truth.tmdb_id, None)
        for tag in (TOTAL, *truth.tags):
            _count(found.tags.setdefault(tag, TagScore()), truth, seen)
        _compare(found, seed, truth.name, truth.tags, _stated(truth), _told(seen))
    for extra in told.values():
        found.differences.append(Difference(seed, extra.name, (), "collection", "no such one", extra.state))
    open_films = {film.rating_keys for film in films.open if film.state is State.NEEDS_MAPPING}
    for film in to_map:
        for tag in (TOTAL, *film.tags):
            found.tags.setdefault(tag, TagScore()).titles += 1
        stated: dict[str, object] = {"needs mapping": film.found_by_title is None}
        seen_open: dict[str, object] = {"needs mapping": film.rating_keys in open_films}
        _compare(found, seed, film.title, film.tags, stated, seen_open)
    return found


def _count(score: TagScore, truth: CollectionTruth, seen: CollectionReport | None) -> None:
    score.titles += 1
    if not truth.shown:
        return
    score.states.count(frozenset({truth.state}), frozenset({seen.state} if seen is not None else ()))
    missing = seen.missing if seen is not None and seen.state in _JUDGED else ()
    score.missing.count(frozenset(truth.missing), frozenset(line.tmdb_id for line in missing))


def _stated(truth: CollectionTruth) -> Mapping[str, object]:
    if not truth.shown:
        return {"shown": False}
    return {
        "shown": True,
        "state": truth.state,
        "held": truth.held,
        "listed": truth.listed,
        "missing": truth.missing,
        "announced": truth.announced,
    }


def _told(seen: CollectionReport | None) -> Mapping[str, object]:
    if seen is None:
        return {"shown": False}
    return {
        "shown": True,
        "state": seen.state,
        "held": seen.held,
        "listed": seen.listed,
        "missing": tuple(line.tmdb_id for line in seen.missing),
        "announced": tuple(line.tmdb_id for line in seen.announced),
    }


def _compare(
    found: Verified,
    seed: int,
    title: str,
    tags: frozenset[str],
    stated: Mapping[str, object],
    told: Mapping[str, object],
) -> None:
    for what, value in stated.items():
        if told.get(what) != value:
            words = (_words(value), _words(told.get(what)))
            found.differences.append(Difference(seed, title, tuple(sorted(tags)), what, *words))


def _words(value: object) -> str:
    """Films by their numbers; "none" where there is nothing."""
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
