"""Changes to the running world as one interface, in process and as they are posted.

Changes when a kind of change is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from plexgap.demo.catalogue_changes import CatalogueChanges
from plexgap.demo.plex_moves import PlexMoves
from plexgap.demo.plex_tv_changes import PlexTvChanges
from plexgap.demo.reach import NoSuchThing


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it is posted. `kind` names one of `KINDS`; the other fields are what that kind needs."""

    kind: str
    title: str = ""
    year: int | None = None
    library: str = ""
    season: int = 1
    episode: int = 1
    to_season: int = 1
    to_episode: int = 1
    days: int = 0
    rows: int = 0
    tmdb_id: int = 0
    on: bool = True
    text: str = ""


def read_change(body: object) -> Change:
    """A change from decoded JSON. NoSuchThing with a sentence for an unknown field or a value of another type."""
    if not isinstance(body, dict):
        raise NoSuchThing(
            'A change is an object such as {"kind": "add_episode", "title": "...", "season": 2, "episode": 5}.'
        )
    types = {"kind": str, "title": str, "library": str, "text": str, "on": bool}
    known = {field.name for field in fields(Change)}
    for name, value in body.items():
        wanted = types.get(name, int)
        if name not in known:
            raise NoSuchThing(f"A change has no field {name!r}. It may have: {', '.join(sorted(known))}.")
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise NoSuchThing(f"The field {name!r} must be {_CALLED[wanted]}.")
    if body.get("kind") not in KINDS:
        raise NoSuchThing(f"There is no change {body.get('kind')!r}. There are: {', '.join(sorted(KINDS))}.")
    return Change(**body)


_CALLED: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


class Changes(PlexMoves, CatalogueChanges, PlexTvChanges):
    """The changes of one world, to be called in process or, as they were posted, through `apply`."""

    def apply(self, change: Change) -> None:
        """Does what a posted change says. NoSuchThing when it can't."""
        KINDS[change.kind](self, change)


KINDS: dict[str, Callable[[Changes, Change], object]] = {
    "add_episode": lambda to, c: to.add_episode(c.title, c.season, c.episode, c.year),
    "remove_episode": lambda to, c: to.remove_episode(c.title, c.season, c.episode, c.year, c.library),
    "remove_show": lambda to, c: to.remove_show(c.title, c.year),
    "add_film": lambda to, c: to.add_film(c.title, c.library, c.year),
    "remove_film": lambda to, c: to.remove_film(c.title, c.year),
    "empty_library": lambda to, c: to.empty_section(c.library),
    "replace_file": lambda to, c: to.replace_file(c.title, c.season, c.episode, c.year),
    "swap": lambda to, c: to.swap(c.title, (c.season, c.episode), (c.to_season, c.to_episode), c.year),
    "add_show": lambda to, c: to.add_show(c.title, c.library, c.rows),
    "move_to_library": lambda to, c: to.move_to_library(c.title, c.library, c.year, new_keys=c.on),
    "retitle": lambda to, c: to.retitle(c.title, c.text, c.year),
    "refresh_metadata": lambda to, c: to.refresh_metadata(c.title, c.year),
    "scan_idly": lambda to, c: to.scan_idly(c.library),
    "silent": lambda to, c: to.set_silent(c.title, c.on, c.year),
    "books": lambda to, c: to.set_books(c.text, c.on),
    "keep": lambda to, _: to.keep(),
    "restore": lambda to, _: to.restore(),
    "replace_film": lambda to, c: to.replace_film(c.title, c.year),
    "rematch_film": lambda to, c: to.rematch_film(c.title, c.tmdb_id, c.year),
    "rematch": lambda to, c: to.rematch(c.title, c.tmdb_id, c.year),
    "install_anew": lambda to, _: to.install_anew(),
    "mark_watched": lambda to, c: to.mark_watched(c.title, c.season, c.episode, c.year),
    "mark_unwatched": lambda to, c: to.mark_watched(c.title, c.season, c.episode, c.year, seen=False),
    "refreshing": lambda to, c: to.set_refreshing(c.library, c.on),
    "short_listing": lambda to, c: to.set_short(c.library, c.rows),
    "air_episode": lambda to, c: to.air_episode(c.title, c.days, c.year, c.text),
    "rename_episode": lambda to, c: to.rename_episode(c.title, c.season, c.episode, c.text, c.year),
    "postpone": lambda to, c: to.postpone(c.title, c.season, c.episode, c.days, c.year),
    "renumber": lambda to, c: to.renumber(c.title, (c.season, c.episode), (c.to_season, c.to_episode), c.year),
    "renumber_at_tvdb": lambda to, c: to.renumber(
        c.title, (c.season, c.episode), (c.to_season, c.to_episode), c.year, at_tvdb=True
    ),
    "unlist_episode": lambda to, c: to.unlist_episode(c.title, c.season, c.episode, c.year),
    "set_status": lambda to, c: to.set_status(c.title, c.text, c.year),
    "delete_at_tmdb": lambda to, c: to.delete_at_tmdb(c.title, c.on, c.year),
    "delete_at_tvdb": lambda to, c: to.delete_at_tvdb(c.title, c.on, c.year),
    "expire_tvdb_tokens": lambda to, _: to.expire_tvdb_tokens(),
    "add_to_watchlist": lambda to, c: to.add_to_watchlist(c.title, c.year),
    "remove_from_watchlist": lambda to, c: to.remove_from_watchlist(c.title, c.year),
    "clear_watchlist": lambda to, _: to.clear_watchlist(),
    "move_film": lambda to, c: to.move_film(c.title, c.tmdb_id, c.year),
    "delete_collection": lambda to, c: to.delete_collection(c.tmdb_id, c.on),
}
