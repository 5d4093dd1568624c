"""What can happen at the invented TMDB while it runs. The truth follows.

Each change says itself what becomes true; nothing is compared. Changes when TMDB can change in a new way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plexgap.demo.listed import CatalogueEpisode, Number
from plexgap.demo.reach import NoSuchThing, Reach


class TmdbChanges(Reach):
    """Changes to the catalogue. Each takes the world's lock; /tv/changes and /movie/changes tell of it."""

    def air_episode(self, title: str, days: int = 0, year: int | None = None, name: str = "") -> tuple[int, int]:
        """TMDB lists one more episode at the end of the last season, `days` from today. Its season and number."""
        with self._world.lock:
            entry = self._entry(title, year)
            rows = list(entry.show.episodes())
            last = max(rows, key=lambda row: row.number)
            number = Number(last.number.season, last.number.number + 1)
            day = (self._today + timedelta(days=days)).isoformat()
            taken = max(row.episode_id for row in rows)
            made = CatalogueEpisode(number, name or f"A New Chapter, Part {number.number}", day, taken + 1)
            entry.show.edit([*rows, made])
            self._listed_moved(entry)
            self._now_absent(entry, number, day, new=True)
            return number

    def rename_episode(self, title: str, season: int, episode: int, text: str, year: int | None = None) -> None:
        """TMDB gives an episode another title. Plex keeps the old one."""
        self._edit(title, year, Number(season, episode), lambda row: row._replace(title=text))

    def postpone(self, title: str, season: int, episode: int, days: int, year: int | None = None) -> None:
        """TMDB moves an episode's date to `days` from today."""
        day = (self._today + timedelta(days=days)).isoformat()
        number = Number(season, episode)
        with self._world.lock:
            entry = self._edit(title, year, number, lambda row: row._replace(air_date=day))
            self._restand(entry, number, day)

    def renumber(self, title: str, old: tuple[int, int], new: tuple[int, int], year: int | None = None) -> None:
        """TMDB swaps the numbers of two episodes, or moves one to a free number. Ids stay with their episode."""
        with self._world.lock:
            entry = self._entry(title, year)
            moves = {Number(*old): Number(*new), Number(*new): Number(*old)}
            rows = list(entry.show.episodes())
            if all(row.number != Number(*old) for row in rows):
                raise NoSuchThing(f"TMDB lists no {old[0]}x{old[1]} of {title}.")
            entry.show.edit(row._replace(number=moves.get(row.number, row.number)) for row in rows)
            self._listed_moved(entry)
            truth = self._truth(entry)
            if truth is not None and entry.episode_ids:
                swapped = {old: new, new: old}
                missing = sorted(swapped.get(number, number) for number in truth.missing)
                self._keep(replace(truth, missing=tuple(missing)))

    def set_status(self, title: str, text: str, year: int | None = None) -> None:
        """TMDB says "Ended", "Canceled", "Returning Series" of the show from now on. Forgets nothing else."""
        with self._world.lock:
            entry = self._entry(title, year)
            entry.show.status = text
            self._listed_moved(entry)

    def delete_at_tmdb(self, title: str, on: bool = True, year: int | None = None) -> None:
        """TMDB answers 404 for the show, or lists it again."""
        with self._world.lock:
            entry = self._entry(title, year)
            entry.show.on_tmdb = not on
            self._listed_moved(entry)

    def move_film(self, title: str, tmdb_id: int, year: int | None = None) -> None:
        """TMDB moves a film to another collection; 0: to none."""
        with self._world.lock:
            for entry in self._films(title, year):
                film, catalogue = entry.film, self._world.catalogue
                if film.collection in catalogue.collections:
                    parts = catalogue.collections[film.collection].parts
                    catalogue.collections[film.collection].parts = [part for part in parts if part != film.tmdb_id]
                film.collection = tmdb_id or None
                if tmdb_id in catalogue.collections and film.tmdb_id not in catalogue.collections[tmdb_id].parts:
                    catalogue.collections[tmdb_id].parts.append(film.tmdb_id)
                self._world.revision += 1
                catalogue.touch("movie", film.tmdb_id, self._world.now())
