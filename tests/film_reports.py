"""Films of a report made by hand, for what draws, exports or counts them."""

from __future__ import annotations

from datetime import date
from typing import Any

from plexgap.domain.decisions import TitleRef
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.links import Link
from plexgap.views.films import CollectionReport, FilmLine, Films, FilmTally, FilmToMap
from tests.reports import NOW

LINK = Link("Debrid Media Manager", "https://debridmediamanager.com/movie/tt0118583")


def film(number: int, title: str, released: date | None, standing: Standing = Standing.HELD, **more: Any) -> FilmLine:
    year = released.year if released is not None else None
    return FilmLine(number, title, year, released, standing, **more)


def missing(number: int, title: str, released: date | None, **more: Any) -> FilmLine:
    values = {"imdb_id": "tt0118583", "links": (LINK,), **more}
    return film(number, title, released, Standing.MISSING, **values)


def collection(
    name: str, *lines: FilmLine, state: State = State.GAPS, number: int = 8091, **more: Any
) -> CollectionReport:
    held = sum(line.is_held for line in lines)
    values: dict[str, Any] = {
        "held": held,
        "listed": held + sum(line.is_missing or line.is_ignored for line in lines),
        "libraries": ("Movies",),
        "checked_at": NOW,
        **more,
    }
    return CollectionReport(f"collection-{number}", number, name, state, values.pop("reason", None), lines, **values)


def to_map(title: str, state: State = State.NEEDS_MAPPING, **more: Any) -> FilmToMap:
    values: dict[str, Any] = {"year": 2019, "rating_keys": ("7",), "libraries": ("Movies",), "ids": frozenset(), **more}
    reason = values.pop("reason", "Plex knows no id for it, and TMDB knows no film of its name.")
    return FilmToMap("plex-7", TitleRef(frozenset(), frozenset(), title), title, state=state, reason=reason, **values)


def films(*collections: CollectionReport, open: tuple[FilmToMap, ...] = (), **more: Any) -> Films:  # noqa: A002
    """With their tally."""
    judged = [one for one in collections if one.state in (State.COMPLETE, State.GAPS)]
    to_map_count = sum(one.state is State.NEEDS_MAPPING for one in open)
    tally = FilmTally(
        films=sum(one.held for one in collections) + len(open),
        collections=len(collections),
        complete=sum(one.state is State.COMPLETE for one in collections),
        with_gaps=sum(one.state is State.GAPS for one in collections),
        unknown=len(collections) - len(judged),
        unsure=sum(one.unsure for one in collections),
        missing=sum(len(one.missing) for one in judged),
        announced=sum(len(one.announced) for one in judged),
        with_announced=sum(bool(one.announced) for one in judged),
        ignored=sum(len(one.ignored) for one in judged),
        to_map=to_map_count,
        unknown_films=len(open) - to_map_count,
    )
    return Films(collections, open, tally=tally, **more)
