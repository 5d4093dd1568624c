"""The invented watchlist: titles of the library, of the catalogues alone, and one that Plex has withdrawn.

Changes when the list can hold something new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from plexgap.demo.library import ShowEntry
from plexgap.demo.listed import ListedFilm, ListedShow
from plexgap.demo.placing import hex_id

if TYPE_CHECKING:
    from plexgap.demo.world import World

_MOST_FILMS = 3


@dataclass(frozen=True, slots=True)
class Watchlisted:
    """A title of the list. `key`: the last part of its plex:// guid; `kind`: show or movie."""

    kind: str
    key: str
    title: str
    year: int | None
    added_at: datetime


def watched_show(seed: int, show: ListedShow, added_at: datetime) -> Watchlisted:
    return Watchlisted("show", hex_id(seed, "show", show.tmdb_id), show.name, show.year, added_at)


def watched_film(seed: int, film: ListedFilm, added_at: datetime) -> Watchlisted:
    return Watchlisted("movie", hex_id(seed, "movie", film.tmdb_id), film.title, film.year, added_at)


def first_list(world: World, elsewhere: list[ListedShow], withdrawn: str) -> list[Watchlisted]:
    """Every show of the library with the tag, those `elsewhere`, which no library holds, films that are held and films
    that are not, and a title that is `withdrawn`. In the order in which they were put on the list."""
    seed, catalogue = world.seed, world.catalogue
    keys = [truth.rating_keys[0] for truth in world.tagged("watchlist")]
    held = [entry.show for key in keys if isinstance(entry := world.library.find(key), ShowEntry)]
    films = [film.film for film in world.library.titled("Movies").films[:_MOST_FILMS]]
    lacking = [number for truth in world.collection_truths for number in truth.missing][:_MOST_FILMS]
    added = [world.made_at - timedelta(days=200 - 3 * place) for place in range(60)]
    found = [watched_show(seed, show, added[place]) for place, show in enumerate((*held, *elsewhere))]
    found += [
        watched_film(seed, film, added[20 + place])
        for place, film in enumerate((*films, *(catalogue.films[number] for number in lacking)))
    ]
    return [*found, Watchlisted("show", hex_id(seed, "withdrawn"), withdrawn, 2001, added[-1])]
