"""Films and collections as lines of text, as views/lines has shows. Changes when their wording in a terminal changes.

Source of the form: design/interface.md 3, "Text".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.verdicts import State
from plexgap.gaps.rules import air_moment
from plexgap.views.films import CollectionReport, FilmLine, Films, FilmToMap
from plexgap.views.report import NOT_CHECKED, ShowReport
from plexgap.views.words import candidate, count

_OPEN_WORDS = {State.NEEDS_MAPPING: "Needs mapping", State.UNKNOWN: "Unknown"}


def collection_lines(films: Films, as_of: datetime, most: int | None) -> Iterator[str]:
    """Each collection with gaps and its missing films in order of release; it stops after `most` lines."""
    for collection in films.collections:
        missing = collection.missing
        if collection.state is not State.GAPS:
            continue
        yield f"{collection.name} (missing {len(missing)} of {collection.listed}):"
        shown = missing[:most]
        for line in shown:
            marks = [word for word, holds in (("upcoming", is_ahead(line, as_of)), ("removed", line.removed)) if holds]
            yield f"    - {titled(line.title, line.year)}" + (f" [{', '.join(marks)}]" if marks else "")
        if len(shown) < len(missing):
            yield f"    ... and {len(missing) - len(shown)} more"


def open_lines(films: Films, most: int | None) -> Iterator[str]:
    """One line a film that needs mapping, then those that are unknown, then collections that are; each list stops after
    `most` lines. Films that no check has looked at are one line together."""
    for state, word in _OPEN_WORDS.items():
        told = [film for film in films.open if film.state is state and film.reason != NOT_CHECKED]
        yield from _some([f"{word}: {titled(one.title, one.year)}: {one.reason}{offered(one)}" for one in told], most)
    unknown = [one for one in films.collections if one.state is State.UNKNOWN]
    yield from _some([f"Unknown: {one.name}: {one.reason or 'no reason is known.'}" for one in unknown], most)
    if films.tally.not_checked_yet:
        yield f"Unknown: {count(films.tally.not_checked_yet, 'film')} not checked yet."
    if any(map(offered, films.open)):
        yield "Say which film a title is with: override TITLE --movie --tmdb ID"


def film_summary_lines(films: Films) -> Iterator[str]:
    """The totals, and what TMDB no longer has. Nothing where there are no films."""
    tally = films.tally
    if films.problem:
        yield films.problem
        return
    if not tally.films:
        return
    if tally.missing:
        yield f"{count(tally.missing, 'film')} missing in {count(tally.with_gaps, 'collection')}."
    elif not tally.need_you:
        yield "No film is missing."
    elif tally.not_checked_yet < tally.films:
        yield "No film is missing of what could be judged."
    if tally.collections:
        states = [(tally.complete, "complete"), (tally.with_gaps, "with gaps"), (tally.unknown, "unknown")]
        yield f"{count(tally.collections, 'collection')}: {', '.join(f'{n} {word}' for n, word in states if n)}."
    for gone in films.gone:
        yield f"{gone.name or f'Collection {gone.tmdb_id}'}: TMDB no longer has this collection."


def coming_films(films: Films, as_of: datetime) -> list[tuple[date, str, EpisodeNumber, str]]:
    """Future films of judged collections: day, collection, a number that every film has, and how the film is told."""
    return [
        (line.release_date, collection.name, EpisodeNumber(0, 0), f"{' '.join(line.title.split())} (film)")
        for collection in films.collections
        if collection.is_judged
        for line in (*collection.missing, *collection.announced)
        if line.release_date is not None and is_ahead(line, as_of)
    ]


def why_collection_lines(collection: CollectionReport, as_of: datetime) -> Iterator[str]:
    """Why a collection stands as it does, with a line for each film of it."""
    yield f"{collection.name}: {collection.state.value}"
    if collection.reason:
        yield f"  {collection.reason}"
    held = f"{collection.held} of {collection.listed} released films are held"
    yield f"  Collection {collection.tmdb_id} of TMDB: {held}."
    if collection.checked_at is not None:
        stale = " The last look failed, so this is what was known then." if collection.stale else ""
        yield f"  Listing of {collection.checked_at:%Y-%m-%d %H:%M} UTC.{stale}"
    for line in collection.lines:
        standing = "upcoming" if is_ahead(line, as_of) and not line.is_held else line.standing.value.replace("_", " ")
        yield f"    - {titled(line.title, line.year)}: {standing}. {line.why}"


def why_film_lines(film: FilmToMap) -> Iterator[str]:
    """Why a film stands in no collection."""
    yield f"{titled(film.title, film.year)}: {film.state.value.replace('_', ' ')}"
    yield f"  {film.reason}{offered(film)}"
    yield f"  Libraries: {', '.join(film.libraries)}. Plex items: {', '.join(film.rating_keys)}."


def titled(title: str, year: int | None) -> str:
    """ "Alien Resurrection (1997)"; on one line, without the year where nobody knows it."""
    plain = " ".join(title.split())
    return f"{plain} ({year})" if year else plain


def is_ahead(line: FilmLine, as_of: datetime) -> bool:
    """Whether its day has not begun by then. Such a film may count as missing (`exclude_future` off)."""
    return line.release_date is not None and air_moment(line.release_date) > as_of


def _some(lines: Sequence[str], most: int | None) -> Iterator[str]:
    yield from lines[:most]
    if most is not None and len(lines) > most:
        yield f"... and {len(lines) - most} more"


def offered(one: ShowReport | FilmToMap) -> str:
    """ " It may be Northbound (1999), TMDB 11, or Northbound (2014), TMDB 12."; "" where nothing is offered."""
    named = [f"{candidate(each)}, {each.provider.label} {each.show_id}" for each in one.candidates]
    if one.state is not State.NEEDS_MAPPING or not named:
        return ""
    *before, last = named
    either = f"{', '.join(before)}, or {last}" if before else last
    return f" It may be {either}."
