"""Builds what a report says of films by hand: a collection from a row of letters, a report from collections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from plexgap.domain.decisions import Ignore, Level, TitleRef
from plexgap.domain.films import of_tmdb
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.links import Link
from plexgap.views.film_builder import _tally as tally_of
from plexgap.views.films import CollectionReport, FilmLine, Films, FilmToMap
from plexgap.views.report import Report
from tests import lettered
from tests.lettered import NOW, TODAY

STANDINGS = {
    "h": Standing.HELD,
    "m": Standing.MISSING,
    "a": Standing.JUST_AIRED,
    "u": Standing.UPCOMING,
    "d": Standing.UNDATED,
    "i": Standing.IGNORED,
}
ROMAN = ("", " II", " III", " IV", " V", " VI", " VII", " VIII", " IX", " X")


def ignore(level: Level, title: str, number: int, year: int | None = None, **more: Any) -> Ignore:
    ref = TitleRef(frozenset({of_tmdb(number)}), frozenset(), title, year)
    return Ignore(f"key-{number}", ref, level, NOW - timedelta(days=50), **more)


def film(name: str, number: int, letter: str, place: int) -> FilmLine:
    """The film at that place, from 1; the first one of 1994, each other three years later."""
    title, standing = f"{name}{ROMAN[place - 1] if place <= len(ROMAN) else f' {place}'}", STANDINGS[letter]
    day = {"a": TODAY, "u": TODAY + timedelta(days=100 * place), "d": None}.get(letter, date(1991 + 3 * place, 5, 9))
    link = Link("Debrid Media Manager", f"https://dmm.invalid/movie/tt{number:07}")
    year = day.year if day else None
    return FilmLine(
        tmdb_id=number,
        title=title,
        year=year,
        release_date=day,
        standing=standing,
        rating_keys=(str(number),) if letter == "h" else (),
        libraries=("Films",) if letter == "h" else (),
        poster_key=str(number) if letter == "h" else "",
        poster_path=f"/p{number}.jpg",
        links=(link,) if letter == "m" else (),
        ignore=ignore(Level.MOVIE, title, number, year) if letter == "i" else None,
        why=f"TMDB lists it as film {number} of {name}.",
    )


def collection(name: str, row: str, **more: Any) -> CollectionReport:
    """A collection from one letter a film, as in a card, and d for one without a date. Complete or with gaps by its
    letters, unless `state` says otherwise."""
    number = sum(name.encode())
    lines = tuple(film(name, 10 * number + place, letter, place) for place, letter in enumerate(row, start=1))
    values: dict[str, Any] = {
        "state": State.GAPS if "m" in row else State.COMPLETE,
        "reason": None,
        "held": row.count("h"),
        "listed": sum(letter in "hmi" for letter in row),
        "libraries": ("Films",),
        "checked_at": NOW - timedelta(hours=3),
    }
    return CollectionReport(f"collection-{number}", number, f"{name} Collection", lines=lines, **(values | more))


def to_map(title: str, **more: Any) -> FilmToMap:
    """A film of which nobody knows which it is."""
    key = str(sum(title.encode()))
    values: dict[str, Any] = {
        "state": State.NEEDS_MAPPING,
        "reason": "Plex knows no id for it, and two films fit its name.",
        "year": 2017,
    }
    return FilmToMap(
        film_id=f"plex-{key}",
        ref=TitleRef(frozenset(), frozenset(), title, 2017, "films"),
        title=title,
        rating_keys=(key,),
        libraries=("Films",),
        ids=frozenset(),
        poster_key=key,
        **(values | more),
    )


def report(
    *found: CollectionReport,
    films: int | None = None,
    waiting: Sequence[FilmToMap] = (),
    problem: str = "",
    **more: Any,
) -> Report:
    """These collections at NOW, and `waiting` films; `films`: how many are held in all."""
    held = sum(one.held for one in found) + len(waiting) if films is None else films
    told = Films(found, tuple(waiting), (), tally_of(found, waiting, held), problem)
    return replace(lettered.report(**more), films=told)
