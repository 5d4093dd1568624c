"""What `ignore`, `unignore` and `override` do with a film or a collection. Changes when a person may decide more of
them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from plexgap.cli.film_titles import find_absent_film, find_collection, find_held_film, find_ignored
from plexgap.cli.session import Session
from plexgap.domain.decisions import Ignore, Level, Override

if TYPE_CHECKING:
    import threading

    from plexgap.gaps.film_titles import FilmTitle


def level(movie: bool, collection: bool, parts: Sequence[object]) -> Level | None:
    """What --movie and --collection say; None: a show is meant. `parts`: what only a show has."""
    if movie and collection:
        raise click.UsageError("Give either --movie or --collection.")
    if (movie or collection) and any(part is not None for part in parts):
        raise click.UsageError("A film or a collection has no seasons and no episodes.")
    return Level.MOVIE if movie else Level.COLLECTION if collection else None


def ignore(now: Session, which: Level, title: str, year: int | None, until: date | None, reason: str) -> Ignore:
    """Ignores the film or the collection of that title; an older ignore of the same gives way."""
    from plexgap import wiring
    from plexgap.jobs import film_choices

    report, decisions = wiring.report(now.house), now.house.decisions
    moment = now.house.now()
    if which is Level.MOVIE:
        film = find_absent_film(report, title, year)
        made = film_choices.ignore_film(decisions, film, until=until, reason=reason, now=moment)
    else:
        collection = find_collection(report, title)
        made = film_choices.ignore_collection(decisions, collection, until=until, reason=reason, now=moment)
    for older in decisions.load().ignores:
        if older.key != made.key and older.level is which and older.title.ids & made.title.ids:
            decisions.remove_ignore(older.key)
    return made


def unignore(now: Session, which: Level, title: str, year: int | None) -> tuple[Ignore, ...]:
    """Takes the ignores of that film or collection back; which those were."""
    found = find_ignored(now.house.decisions.load().ignores, which, title, year)
    for one in found:
        now.house.decisions.remove_ignore(one.key)
    return found


def override(
    now: Session, title: str, year: int | None, tmdb: int | None, stop: threading.Event
) -> tuple[FilmTitle, Override | None]:
    """Keeps which film of TMDB a film in Plex is, or (`tmdb` None) takes that back: the film, and what is said now."""
    from plexgap import wiring

    film = find_held_film(wiring.films(now.house), title, year)
    if tmdb is not None:
        return film, wiring.override_film(now.house, film, tmdb, stop)
    if wiring.clear_film_override(now.house, film) is None:
        raise click.UsageError(f"{film.name} has no override.")
    return film, None
