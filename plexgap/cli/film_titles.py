"""Finding the film or the collection a person means.

Changes when these are named on the command line in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from plexgap.cli.titles import matching, none_or_several
from plexgap.domain.decisions import Ignore, Level
from plexgap.gaps.film_titles import FilmTitle
from plexgap.views.films import CollectionReport, FilmLine, FilmToMap
from plexgap.views.report import Report

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Named(Generic[T]):
    """Anything by the title that a person knows it by; `key`: its id, which is taken too."""

    title: str
    year: int | None
    key: str
    is_it: T


def find_collection(report: Report, title: str) -> CollectionReport:
    """The one collection of the report that is meant: by its name, with or without "Collection" behind it, or its id
    ("collection-8091"). UsageError, naming what there is, for none and for several."""
    known = [_Named(one.name, None, one.collection_id, one) for one in report.collections]
    return _find(known, title, None, (f"{title} Collection",))


def find_absent_film(report: Report, title: str, year: int | None) -> FilmLine:
    """The one film that a collection of the report lacks, in any standing: by its title, or its id ("movie-603").
    UsageError for none and for several."""
    lines = {line.tmdb_id: line for one in report.collections for line in one.lines if not line.is_held}
    known = [_Named(line.title, line.year, f"movie-{line.tmdb_id}", line) for line in lines.values()]
    return _find(known, title, year)


def find_held_film(films: Iterable[FilmTitle], title: str, year: int | None) -> FilmTitle:
    """The one film in Plex that is meant: by its title, or its id ("plex-123"). UsageError for none and for several."""
    known = [_Named(film.name, film.year, f"plex-{film.rating_keys[0]}", film) for film in films]
    return _find(known, title, year)


def find_ignored(ignores: Iterable[Ignore], level: Level, title: str, year: int | None) -> tuple[Ignore, ...]:
    """The ignores of the one film or collection that is meant, also when it left the library; UsageError for none and
    for several."""
    known = [_Named(one.title.title, one.title.year, one.key, one) for one in ignores if one.level is level]
    found = matching(known, title, year)
    if not found and level is Level.COLLECTION:
        found = matching(known, f"{title} Collection", year)
    if len({(one.title, one.year) for one in found}) == 1:
        return tuple(one.is_it for one in found)
    raise none_or_several(title, year, found, known, _line)


def find_for_why(report: Report, title: str) -> CollectionReport | FilmToMap | None:
    """The collection, else the film that needs mapping or is unknown, of that name; None for none and for several."""
    collections = [_Named(one.name, None, one.collection_id, one) for one in report.collections]
    for name in (title, f"{title} Collection"):
        found = [one for one in collections if one.key == title] or list(matching(collections, name, None))
        if len(found) == 1:
            return found[0].is_it
    films = matching(report.films.open, title, None)
    return films[0] if len(films) == 1 else None


def _find(known: Sequence[_Named[T]], title: str, year: int | None, else_by: Sequence[str] = ()) -> T:
    by_key = [one for one in known if one.key == title]
    if by_key:
        return by_key[0].is_it
    found: tuple[_Named[T], ...] = ()
    for name in (title, *else_by):
        found = found or matching(known, name, year)
    if len(found) == 1:
        return found[0].is_it
    raise none_or_several(title, year, found, known, _line)


def _line(one: _Named[T]) -> str:
    year = f" ({one.year})" if one.year else ""
    return f"{one.title}{year}, {one.key}"
