"""What can happen to the library and to the catalogues. Each step draws what it is about from the life's dice.

Changes when the demo can change in a new way.
"""

from __future__ import annotations

from collections.abc import Callable

from plexgap.demo.library import ShowEntry
from plexgap.demo.listed import Number
from plexgap.jobs.scan import Mode
from tests.histories.life import Life

Step = Callable[[Life], None]
# After so many days every listing has expired.
_EXPIRED_DAYS = 31
_UNWRITTEN, _UNCOUNTED = 0.3, 0.2


def in_plex(life: Life) -> None:
    """Something happens to the library. Now and then Plex writes no updatedAt of it; where the number of episodes or
    the newest of them tells of it, the counter may stay too."""
    kind = life.dice.choice(_OF_EPISODES if life.dice.random() < 0.5 else _OF_TITLES)
    unwritten = life.dice.random() < _UNWRITTEN
    uncounted = kind in _TOLD_BY_COUNTS and life.dice.random() < _UNCOUNTED
    life.change.set_books("updated_at", not unwritten)
    life.change.set_books("counter", not uncounted)
    try:
        kind(life)
    finally:
        life.change.set_books("updated_at", True)
        life.change.set_books("counter", True)
    life.told[-1] += "".join((" (updatedAt stays)" * unwritten, " (counter stays)" * uncounted))


def at_the_catalogues(life: Life) -> None:
    """Something changes at TMDB or TheTVDB; then time passes until no listing is fresh: at once, or with a look every
    few days."""
    life.dice.choice(_OF_CATALOGUES)(life)
    looks = life.dice.choice((0, 0, 1, 3, 5))
    for _ in range(looks):
        life.here.clock.pass_by(days=_EXPIRED_DAYS / (looks + 1))
        life.here.scan(Mode.INCREMENTAL)
    life.here.clock.pass_by(days=_EXPIRED_DAYS)
    life.told[-1] += f" ({looks} looks in the weeks behind it)" * bool(looks)


def _absent(life: Life, entry: ShowEntry) -> tuple[int, int]:
    """The number of an episode that the title is listed with and Plex lacks, else of one that it has."""
    held = {
        listed.episode_id
        for run in entry.runs
        for place in range(run.count)
        if (listed := run.episode(place)) is not None
    }
    lacking = [row.number for row in entry.show.episodes() if row.episode_id not in held]
    return life.dice.choice(lacking) if lacking else life.dice.choice(list(entry.show.episodes())).number


def _number(life: Life, entry: ShowEntry) -> tuple[int, int]:
    """An episode's number in Plex."""
    one = life.an_episode(entry)
    return one.run.season, one.run.first + one.place


def _add_episode(life: Life) -> None:
    entry = life.a_show()
    number = _absent(life, entry)
    life.tell(f"Plex gains {entry.title} {number}")
    life.change.add_episode(entry.title, *number, entry.year)


def _remove_episode(life: Life) -> None:
    entry = life.a_show()
    number = _number(life, entry)
    life.tell(f"Plex loses {entry.title} {number}")
    life.change.remove_episode(entry.title, *number, entry.year)


def _swap(life: Life) -> None:
    entry = life.a_show()
    out, into = _number(life, entry), _absent(life, entry)
    life.tell(f"Plex loses {entry.title} {out} and gains {into}")
    life.change.swap(entry.title, out, into, entry.year)


def _remove_season(life: Life) -> None:
    entry = life.a_show()
    season = life.dice.choice(sorted(entry.season_keys))
    numbers = [run.first + place for run in entry.in_order(season) for place in range(run.count)]
    life.tell(f"Plex loses season {season} of {entry.title}")
    for number in numbers:
        life.change.remove_episode(entry.title, season, number, entry.year)


def _replace_file(life: Life) -> None:
    entry = life.a_show()
    number = _number(life, entry)
    life.tell(f"the file of {entry.title} {number} is replaced")
    life.change.replace_file(entry.title, *number, entry.year)


def _watch(life: Life) -> None:
    entry, seen = life.a_show(), life.dice.random() < 0.5
    number = _number(life, entry)
    life.tell(f"{entry.title} {number} is {'watched' if seen else 'unwatched'}")
    life.change.mark_watched(entry.title, *number, entry.year, seen=seen)


def _remove_show(life: Life) -> None:
    entry = life.a_show()
    life.tell(f"Plex loses {entry.title}")
    life.change.remove_show(entry.title, entry.year)


def _remove_many(life: Life) -> None:
    """Half of a library, which is more than the guard lets pass where that has many titles."""
    section = life.dice.choice([section for section in life.world.library.sections if section.entries or section.films])
    gone = [film for film in section.films if life.dice.random() < 0.95]
    life.tell(f"Plex loses {len(gone)} films and half of the shows of {section.title}")
    for entry in section.entries[::2]:
        life.change.remove_show(entry.title, entry.year)
    for film in gone:
        if film in section.films:
            life.change.remove_film(film.title, film.year)


def _empty_library(life: Life) -> None:
    title = life.dice.choice([section.title for section in life.world.library.sections if section.kind != "artist"])
    life.tell(f"{title} is empty")
    life.change.empty_section(title)


def _add_show(life: Life) -> None:
    held = {id(entry.show) for entry in life.shows()}
    show = life.dice.choice([show for show in life.world.catalogue.shows.values() if id(show) not in held])
    library, count = life.dice.choice(("TV Shows", "Anime")), life.dice.randint(1, 5)
    life.tell(f"Plex gains {show.name} in {library} with {count} episodes")
    life.change.add_show(show.name, library, count)


def _move_show(life: Life) -> None:
    entry, new_keys = life.a_show(), life.dice.random() < 0.6
    library = "Anime" if entry.section.title == "TV Shows" else "TV Shows"
    life.tell(f"{entry.title} moves to {library}{' with new rating keys' if new_keys else ''}")
    life.change.move_to_library(entry.title, library, entry.year, new_keys=new_keys)


def _move_film(life: Life) -> None:
    film, new_keys = life.dice.choice(life.films()), life.dice.random() < 0.6
    library = "Movies 4K" if film.section.title == "Movies" else "Movies"
    life.tell(f"the film {film.title} moves to {library}{' with a new rating key' if new_keys else ''}")
    life.change.move_to_library(film.title, library, film.year, new_keys=new_keys)


def _rematch(life: Life) -> None:
    entry = life.a_show()
    others = [show.tmdb_id for show in life.world.catalogue.shows.values() if show is not entry.show]
    tmdb_id = life.dice.choice([0, entry.show.tmdb_id, life.dice.choice(others)])
    life.tell(f"{entry.title} is matched with TMDB's {tmdb_id}")
    life.change.rematch(entry.title, tmdb_id, entry.year)


def _rematch_film(life: Life) -> None:
    film = life.dice.choice(life.films())
    tmdb_id = life.dice.choice([0, film.film.tmdb_id, life.dice.choice(sorted(life.world.catalogue.films))])
    life.tell(f"the film {film.title} is matched with TMDB's {tmdb_id}")
    life.change.rematch_film(film.title, tmdb_id, film.year)


def _retitle(life: Life) -> None:
    entry = life.a_show()
    text = f"{entry.title} {life.dice.choice(('Anew', '(2019)', 'II'))}"
    life.tell(f"{entry.title} is called {text} in Plex")
    life.change.retitle(entry.title, text, entry.year)


def _refresh_metadata(life: Life) -> None:
    entry = life.a_show()
    life.tell(f"the metadata of {entry.title} is fetched anew")
    life.change.refresh_metadata(entry.title, entry.year)


def _idle(life: Life) -> None:
    section = life.dice.choice(life.world.library.sections)
    life.tell(f"{section.title} is scanned idly")
    life.change.scan_idly(section.title)


def _silent(life: Life) -> None:
    entry = life.a_show()
    life.tell(f"{entry.title} {'bears updatedAt again' if entry.silent else 'bears no updatedAt'}")
    life.change.set_silent(entry.title, not entry.silent, entry.year)


def _add_film(life: Life) -> None:
    held = {film.film.tmdb_id for film in life.films()}
    lacking = [film for film in life.world.catalogue.films.values() if film.tmdb_id not in held and film.on_tmdb]
    film, library = life.dice.choice(lacking), life.dice.choice(("Movies", "Movies 4K"))
    life.tell(f"{library} gains the film {film.title}")
    life.change.add_film(film.title, library, film.year)


def _remove_film(life: Life) -> None:
    film = life.dice.choice(life.films())
    life.tell(f"Plex loses the film {film.title}")
    life.change.remove_film(film.title, film.year)


def _replace_film(life: Life) -> None:
    film = life.dice.choice(life.films())
    life.tell(f"the file of the film {film.title} is replaced")
    life.change.replace_film(film.title, film.year)


def _keep(life: Life) -> None:
    life.tell("the server is saved")
    life.change.keep()


def _restore(life: Life) -> None:
    life.tell("the server is restored")
    life.change.restore()


def _install_anew(life: Life) -> None:
    life.tell("Plex is installed anew")
    life.change.install_anew()


def _air(life: Life) -> None:
    entry, days = life.a_show(), life.dice.choice((-200, -3, 0, 29, 33, 60))
    life.tell(f"{entry.title} gets an episode, {days} days from today")
    life.change.air_episode(entry.title, days, entry.year)


def _listed(life: Life, entry: ShowEntry) -> Number:
    return life.dice.choice(list(entry.show.episodes())).number


def _rename(life: Life) -> None:
    entry = life.a_show()
    number = _listed(life, entry)
    life.tell(f"{entry.title} {number} has another name at the catalogues")
    life.change.rename_episode(entry.title, *number, "Under Another Name", entry.year)


def _postpone(life: Life) -> None:
    entry, days = life.a_show(), life.dice.choice((-100, 0, 20, 40))
    number = _listed(life, entry)
    life.tell(f"{entry.title} {number} airs {days} days from today")
    life.change.postpone(entry.title, *number, days, entry.year)


def _unlist(life: Life) -> None:
    entry = life.a_show()
    number = _listed(life, entry)
    life.tell(f"the catalogues drop {entry.title} {number}")
    life.change.unlist_episode(entry.title, *number, entry.year)


def _renumber(life: Life) -> None:
    entry, at_tvdb = life.a_show(), life.dice.random() < 0.3
    one, other = _listed(life, entry), _listed(life, entry)
    life.tell(f"{'TheTVDB' if at_tvdb else 'TMDB'} swaps {entry.title} {one} and {other}")
    life.change.renumber(entry.title, one, other, entry.year, at_tvdb=at_tvdb)


def _status(life: Life) -> None:
    entry, status = life.a_show(), life.dice.choice(("Ended", "Canceled", "Returning Series"))
    life.tell(f"{entry.title} is {status}")
    life.change.set_status(entry.title, status, entry.year)


def _delete_show(life: Life) -> None:
    entry, at_tvdb = life.a_show(), life.dice.random() < 0.4
    gone = entry.show.on_tvdb if at_tvdb else entry.show.on_tmdb
    life.tell(f"{'TheTVDB' if at_tvdb else 'TMDB'} {'deletes' if gone else 'has again'} {entry.title}")
    delete = life.change.delete_at_tvdb if at_tvdb else life.change.delete_at_tmdb
    delete(entry.title, gone, entry.year)


def _move_between_collections(life: Life) -> None:
    film = life.dice.choice(life.films())
    to = life.dice.choice([0, *sorted(life.world.catalogue.collections)])
    life.tell(f"TMDB moves the film {film.title} to the collection {to}")
    life.change.move_film(film.title, to, film.year)


def _delete_collection(life: Life) -> None:
    collection = life.dice.choice(sorted(life.world.catalogue.collections.values(), key=lambda one: one.tmdb_id))
    life.tell(f"TMDB {'deletes' if collection.on_tmdb else 'has again'} the collection {collection.name}")
    life.change.delete_collection(collection.tmdb_id, collection.on_tmdb)


_TOLD_BY_COUNTS = (_add_episode, _remove_episode, _swap)
_OF_EPISODES = (_add_episode, _remove_episode, _swap, _swap, _remove_season, _replace_file, _watch)
_OF_TITLES = (
    *(_remove_show, _remove_many, _empty_library, _add_show, _move_show, _move_show, _rematch, _rematch, _retitle),
    *(_refresh_metadata, _idle, _silent, _add_film, _remove_film, _replace_film, _move_film, _rematch_film),
    *(_keep, _restore, _restore, _restore, _install_anew),
)
_OF_CATALOGUES = (
    *(_air, _air, _rename, _postpone, _unlist, _renumber, _status, _delete_show),
    *(_move_between_collections, _delete_collection),
)
