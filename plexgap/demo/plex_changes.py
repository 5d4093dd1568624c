"""What can happen in the invented Plex while it runs. The truth follows.

Each change says itself what becomes true; nothing is compared. Changes when Plex can change in a new way.
"""

from __future__ import annotations

from dataclasses import replace

from plexgap.demo.library import FilmEntry, ShowEntry
from plexgap.demo.listed import CatalogueEpisode, Number
from plexgap.demo.placing import hex_id
from plexgap.demo.reach import NoSuchThing, Reach, original_of


class PlexChanges(Reach):
    """Changes to the library. Each takes the world's lock and moves Plex's own bookkeeping."""

    def add_episode(self, title: str, season: int, episode: int, year: int | None = None) -> str:
        """Plex gains an episode under this number, the one that is listed so in the order of the title's truth. Its
        rating key."""
        with self._world.lock:
            entry = self._entry(title, year)
            number = original_of(self._truth(entry), entry.show, Number(season, episode))
            try:
                listed = entry.show.original(number)
            except KeyError:
                raise NoSuchThing(f"{entry.show.name} never had {season}x{episode}.") from None
            run = self._world.library.add_run(entry, season, episode, number, 1, self._epoch)
            self._plex_moved(entry)
            self._now_held(entry, listed.episode_id)
            return str(run.key)

    def remove_episode(self, title: str, season: int, episode: int, year: int | None = None, library: str = "") -> None:
        """Plex loses every copy of an episode, or those in one library, by its number in Plex."""
        with self._world.lock:
            for one in self._episodes(title, season, episode, year):
                if library and one.run.entry.section is not self._section(library):
                    continue
                listed = one.run.episode(one.place)
                self._world.library.remove_episode(one)
                self._plex_moved(one.run.entry)
                if listed is not None:
                    self._lost(one.run.entry, listed)

    def remove_show(self, title: str, year: int | None = None) -> None:
        """Plex loses the show, all its items, and the truth forgets it."""
        with self._world.lock:
            for entry in self._entries(title, year):
                self._world.library.remove_entry(entry)
                self._section_moved(entry.section)
                self._world.shows = {k: t for k, t in self._world.shows.items() if str(entry.key) not in t.rating_keys}

    def empty_section(self, library: str) -> None:
        """A library lists nothing any more, as when its disk is away. Its titles leave the truth."""
        with self._world.lock:
            section = self._section(library)
            gone = {str(entry.key) for entry in section.entries}
            for entry in list(section.entries):
                self._world.library.remove_entry(entry)
            for film in list(section.films):
                self._world.library.remove_film(film)
            self._section_moved(section)
            self._world.shows = {k: t for k, t in self._world.shows.items() if not gone.intersection(t.rating_keys)}

    def add_film(self, title: str, library: str = "", year: int | None = None) -> str:
        """Plex gains a film that TMDB lists, with TMDB's id; in "Movies" unless another library is named. Its rating
        key. What is so of its collection then is for the test to say."""
        with self._world.lock:
            films = self._world.catalogue.films.values()
            film = next((film for film in films if film.title == title and year in (None, film.year)), None)
            if film is None:
                raise NoSuchThing(f"TMDB lists no film {title!r}.")
            section, key = self._section(library or "Movies"), self._world.library.new_keys()
            guid = f"plex://movie/{hex_id(self._world.seed, 'movie', film.tmdb_id)}"
            guids = (f"tmdb://{film.tmdb_id}",)
            self._world.library.add_film(FilmEntry(section, key, film, title, film.year, guid, guids, self._epoch))
            self._section_moved(section)
            return str(key)

    def rematch_film(self, title: str, tmdb_id: int, year: int | None = None) -> None:
        """Plex takes the film for another one of TMDB from now on; 0: for none, its ids are gone."""
        with self._world.lock:
            for entry in self._films(title, year):
                entry.guid = f"plex://movie/{tmdb_id:024x}" if tmdb_id else f"local://{entry.key}"
                entry.guids = (f"tmdb://{tmdb_id}",) if tmdb_id else ()
                self._film_moved(entry)

    def remove_film(self, title: str, year: int | None = None) -> None:
        """Plex loses every copy of a film."""
        with self._world.lock:
            for film in self._films(title, year):
                self._world.library.remove_film(film)
                self._section_moved(film.section)

    def replace_file(self, title: str, season: int, episode: int, year: int | None = None) -> None:
        """The episode's file is replaced by a better one under the same rating key."""
        with self._world.lock:
            for one in self._episodes(title, season, episode, year):
                odd = self._odd(one.key)
                odd.generation += 1
                odd.resolution = "2160"
                if self._world.books.updated:
                    odd.updated = self._epoch
                self._plex_moved(one.run.entry)

    def replace_film(self, title: str, year: int | None = None) -> None:
        """Every copy of a film gets a better file under its rating key."""
        with self._world.lock:
            for film in self._films(title, year):
                odd = self._odd(film.key)
                odd.generation += 1
                odd.resolution = "2160"
                self._film_moved(film)

    def mark_watched(
        self, title: str, season: int, episode: int, year: int | None = None, *, seen: bool = True
    ) -> None:
        """The token's user has seen it once more, or takes it for unseen. Plex's content counter stays: only watch
        state moved."""
        with self._world.lock:
            for one in self._episodes(title, season, episode, year):
                odd = self._odd(one.key)
                before = int(one.place < one.run.watched) if odd.views is None else odd.views
                odd.views = before + 1 if seen else 0
                odd.viewed_at = self._epoch
                self._world.revision += 1

    def rematch(self, title: str, tmdb_id: int, year: int | None = None) -> None:
        """Plex takes the show for another title of TMDB from now on; 0: for none, its ids are gone.

        The truth of it is forgotten: what is right then is for the test to say.
        """
        with self._world.lock:
            other = self._world.catalogue.shows.get(tmdb_id)
            for entry in self._entries(title, year):
                known = {"imdb": other.imdb_id, "tmdb": other.tmdb_id, "tvdb": other.tvdb_id} if other else {}
                entry.guid = f"plex://show/{tmdb_id:024x}" if other else f"local://{entry.key}"
                entry.guids = tuple(f"{name}://{value}" for name, value in known.items() if value is not None)
                entry.legacy = ""
                self._plex_moved(entry)
                self._world.shows.pop(str(entry.key), None)

    def install_anew(self) -> None:
        """Plex is installed anew over the same files: another server, whose items have other rating keys and whose
        libraries have other uuids. What Plex itself never matched is called by its new rating key."""
        with self._world.lock:
            by = 10_000_000
            self._world.library.rekey(by)
            self._world.machine_id = self._world.machine_id[::-1]
            for section in self._world.library.sections:
                section.uuid = section.uuid[::-1]
                for entry in section.entries:
                    entry.guid = f"local://{entry.key}" if entry.is_local else entry.guid
                self._section_moved(section)
            self._world.shows = {
                str(int(key) + by): replace(truth, rating_keys=tuple(str(int(own) + by) for own in truth.rating_keys))
                for key, truth in self._world.shows.items()
            }

    def set_refreshing(self, library: str, on: bool) -> None:
        """Plex says that it is scanning this library, or no longer."""
        with self._world.lock:
            self._section(library).refreshing = on
            self._world.revision += 1

    def set_short(self, library: str, rows: int) -> None:
        """The library's listings give `rows` rows fewer than they announce; 0 ends it."""
        with self._world.lock:
            self._section(library).short = rows
            self._world.revision += 1

    def _film_moved(self, film: FilmEntry) -> None:
        if self._world.books.updated:
            film.updated = self._epoch
        self._section_moved(film.section)

    def _lost(self, entry: ShowEntry, listed: CatalogueEpisode) -> None:
        """An item of the episode went; it is absent unless another item of the title has it still."""
        truth = self._truth(entry)
        if truth is None:
            return
        items = [
            e for section in self._world.library.sections for e in section.entries if str(e.key) in truth.rating_keys
        ]
        for run in (run for item in items for run in item.runs):
            if run.listed is not None and any(run.episode(place) == listed for place in range(run.count)):
                return
        self._now_absent(entry, listed.episode_id, listed.air_date, new=False)
