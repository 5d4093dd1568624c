"""What can happen to the invented Plex as a whole: titles that come and go between libraries, a server set back to an
earlier day, and what Plex writes down of all that. The truth follows where it can be said.

Source: reference/plex.md 3 to 5, design/mirror.md 1. Changes when Plex can be moved about in a new way.
"""

from __future__ import annotations

import copy
from dataclasses import replace

from plexgap.demo.library import EpisodeAt, Library, ShowEntry
from plexgap.demo.listed import Number
from plexgap.demo.placing import hex_id
from plexgap.demo.plex_changes import PlexChanges
from plexgap.demo.reach import NoSuchThing
from plexgap.demo.truth import ShowTruth

_COUNTER, _UPDATED = "counter", "updated_at"


class PlexMoves(PlexChanges):
    """Changes to the library. Each takes the world's lock."""

    _kept: tuple[Library, dict[str, ShowTruth]] | None = None
    _restores = 0

    def swap(self, title: str, out: tuple[int, int], into: tuple[int, int], year: int | None = None) -> None:
        """Plex loses one episode of a show and gains another: its counts of episodes are what they were."""
        with self._world.lock:
            self.remove_episode(title, *out, year)
            self.add_episode(title, *into, year)

    def add_show(self, title: str, library: str = "", episodes: int = 0) -> str:
        """Plex gains a show that TMDB lists and no library holds, with its first `episodes` episodes (0: all that are
        dated); in "TV Shows" unless another is named. Its rating key. What is so of it is for the test to say."""
        with self._world.lock:
            held = {id(entry.show) for section in self._world.library.sections for entry in section.entries}
            shows = (show for show in self._world.catalogue.shows.values() if id(show) not in held)
            show = next((show for show in shows if show.name == title and show.on_tmdb), None)
            if show is None:
                raise NoSuchThing(f"TMDB lists no show {title!r} that Plex lacks.")
            library_, section = self._world.library, self._section(library or "TV Shows")
            guid = f"plex://show/{hex_id(self._world.seed, 'show', show.tmdb_id)}"
            known = {"imdb": show.imdb_id, "tmdb": show.tmdb_id, "tvdb": show.tvdb_id}
            guids = tuple(f"{name}://{value}" for name, value in known.items() if value is not None)
            now = self._epoch
            entry = ShowEntry(section, library_.new_keys(), show, show.name, show.year, guid, guids, now, now)
            library_.add_entry(entry)
            numbers = [row.number for row in show.episodes() if row.air_date and row.air_date <= str(self._today)]
            for place, number in enumerate(numbers[: episodes or None]):
                library_.add_run(entry, number.season, number.number, Number(*number), 1, now + place)
            self._plex_moved(entry)
            return str(entry.key)

    def move_to_library(self, title: str, library: str, year: int | None = None, *, new_keys: bool = True) -> None:
        """A show or a film stands in another library of its kind from now on: with rating keys of its own, as when
        its folder was moved and found again, or with `new_keys` False with those it had."""
        with self._world.lock:
            shows = [e for section in self._world.library.sections for e in section.entries if e.title == title]
            if any(year in (None, entry.year) for entry in shows):
                self._move_show(self._entry(title, year), library, new_keys=new_keys)
            else:
                self._move_film(title, library, year, new_keys=new_keys)

    def retitle(self, title: str, text: str, year: int | None = None) -> None:
        """A show has another title in Plex."""
        with self._world.lock:
            for entry in self._entries(title, year):
                entry.title = text
                self._move(entry, lambda truth: replace(truth, title=text))
                self._plex_moved(entry)

    def refresh_metadata(self, title: str, year: int | None = None) -> None:
        """Plex fetches all about a show anew and finds what it knew: updatedAt moves on it and on its episodes."""
        with self._world.lock:
            for entry in self._entries(title, year):
                for run in entry.runs:
                    for place in range(run.count):
                        self._odd(EpisodeAt(run, place).key).updated = self._epoch
                self._plex_moved(entry)

    def scan_idly(self, library: str) -> None:
        """Plex scans a library and finds nothing new: scannedAt and the section's updatedAt move, its counter stays."""
        with self._world.lock:
            self._section(library).scanned = self._epoch
            self._world.revision += 1

    def set_silent(self, title: str, on: bool = True, year: int | None = None) -> None:
        """A show, its seasons and episodes bear no updatedAt, or bear it again. No counter moves."""
        with self._world.lock:
            for entry in self._entries(title, year):
                entry.silent = on
                self._world.revision += 1

    def set_books(self, text: str, on: bool) -> None:
        """What Plex writes down of the changes from now on: "counter", the contentChangedAt of the library, or
        "updated_at", the updatedAt of what changed."""
        if text not in (_COUNTER, _UPDATED):
            raise NoSuchThing(f"Plex keeps no {text!r}. It keeps: {_COUNTER}, {_UPDATED}.")
        with self._world.lock:
            if text == _COUNTER:
                self._world.books.counter = on
            else:
                self._world.books.updated = on

    def keep(self) -> None:
        """The server is saved as it stands, to be restored."""
        with self._world.lock:
            self._kept = (self._copied(self._world.library), dict(self._world.shows))
            self._restores = 0

    def restore(self) -> None:
        """The server is as it was when it was saved: its items, its rating keys and its counters, which are lower
        than since. A rating key that was given in between is given again, to something else. The truth is that of
        then: what catalogues changed meanwhile is for the test to say."""
        with self._world.lock:
            if self._kept is None:
                raise NoSuchThing("The server was never saved.")
            self._restores += 1
            library, shows = self._kept
            # Change numbers go on, but not over those that were given in between.
            self._world.library.go_back_to(self._copied(library), self._restores)
            self._world.shows = dict(shows)
            self._world.revision += 1

    def _copied(self, library: Library) -> Library:
        """A copy of what Plex holds. What the catalogues list is not Plex's: that stays the same thing."""
        catalogue = self._world.catalogue
        listed = [
            *catalogue.shows.values(),
            *catalogue.films.values(),
            *(entry.show for section in library.sections for entry in section.entries),
            *(film.film for section in library.sections for film in section.films),
        ]
        return copy.deepcopy(library, {id(one): one for one in listed})

    def _move_show(self, entry: ShowEntry, library: str, *, new_keys: bool) -> None:
        before, to = entry.section, self._section(library)
        if before is to or to.kind != before.kind:
            raise NoSuchThing(f"{entry.title!r} can't be moved to {library!r}.")
        truth, old = self._truth(entry), str(entry.key)
        self._world.library.move_entry(entry, to)
        if new_keys:
            self._world.library.make_new(entry, self._epoch)
            entry.guid = f"local://{entry.key}" if entry.is_local else entry.guid
        self._plex_moved(entry)
        self._section_moved(before)
        if truth is not None:
            other = truth.without_tvdb and self._moved_truth(truth.without_tvdb, old, str(entry.key))
            moved = replace(self._moved_truth(truth, old, str(entry.key)), without_tvdb=other)
            truths = (moved if one is truth else one for one in self._world.shows.values())
            self._world.shows = {one.rating_keys[0]: one for one in truths}

    def _moved_truth(self, truth: ShowTruth, old: str, new: str) -> ShowTruth:
        keys = sorted((new if key == old else key for key in truth.rating_keys), key=int)
        found = (self._world.library.find(key) for key in keys)
        libraries = {entry.section.title for entry in found if isinstance(entry, ShowEntry)}
        return replace(truth, rating_keys=tuple(keys), libraries=tuple(sorted(libraries)))

    def _move_film(self, title: str, library: str, year: int | None, *, new_keys: bool) -> None:
        film, to, held = self._films(title, year)[0], self._section(library), self._world.library
        before = film.section
        if before is to or to.kind != before.kind:
            raise NoSuchThing(f"{title!r} can't be moved to {library!r}.")
        held.remove_film(film)
        film.section = to
        if new_keys:
            is_local = film.guid.startswith("local://")
            film.key, film.added = held.new_keys(), self._epoch
            film.guid = f"local://{film.key}" if is_local else film.guid
        held.add_film(film)
        self._film_moved(film)
        self._section_moved(before)
