"""What can happen at the invented catalogues while they run. The truth follows.

Each change says itself what becomes true; nothing is compared. Changes when a catalogue can change in a new way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plexgap.demo.library import ShowEntry
from plexgap.demo.listed import CatalogueEpisode, Number
from plexgap.demo.listed_tvdb import aired as listed_at_tvdb
from plexgap.demo.listed_tvdb import day_at_tvdb
from plexgap.demo.listed_tvdb import edit as edit_at_tvdb
from plexgap.demo.reach import NoSuchThing, Reach
from plexgap.demo.truth import ShowTruth


class CatalogueChanges(Reach):
    """Changes to the catalogues. Each takes the world's lock; /tv/changes, /movie/changes and TheTVDB's /updates tell
    of it. What is said of an episode happens in both; numbers are TMDB's where no other are named."""

    def air_episode(self, title: str, days: int = 0, year: int | None = None, name: str = "") -> tuple[int, int]:
        """One more episode is listed at the end of the last season, `days` from today. Its season and number."""
        with self._world.lock:
            entry = self._entry(title, year)
            show = entry.show
            rows, others = list(show.episodes()), listed_at_tvdb(show)
            number, day = _next(rows), (self._today + timedelta(days=days)).isoformat()
            taken = max(row.episode_id for row in (*rows, *others))
            made = CatalogueEpisode(number, name or f"A New Chapter, Part {number.number}", day, taken + 1)
            edit_at_tvdb(
                show,
                [*others, made._replace(number=_next(others), air_date=day_at_tvdb(show, made.episode_id, day))],
            )
            show.edit([*rows, made])
            self._listed_moved(entry, "create", made)
            self._now_absent(entry, made.episode_id, day, new=True)
            return number

    def rename_episode(self, title: str, season: int, episode: int, text: str, year: int | None = None) -> None:
        """An episode gets another title. Plex keeps the old one."""
        self._edit(title, year, Number(season, episode), name=text)

    def postpone(self, title: str, season: int, episode: int, days: int, year: int | None = None) -> None:
        """An episode's date moves to `days` from today."""
        day = (self._today + timedelta(days=days)).isoformat()
        with self._world.lock:
            entry, row = self._edit(title, year, Number(season, episode), day=day)
            self._restand(entry, row.episode_id, day)

    def unlist_episode(self, title: str, season: int, episode: int, year: int | None = None) -> None:
        """Both catalogues delete an episode. Where Plex holds it, nothing lists it any more."""
        with self._world.lock:
            entry = self._entry(title, year)
            show, row = entry.show, self._listed(entry, Number(season, episode))
            self._unlisted(entry, row, _numbers_in_plex(self._entries(title, year), row.episode_id))
            edit_at_tvdb(show, [other for other in listed_at_tvdb(show) if other.episode_id != row.episode_id])
            show.edit([other for other in show.episodes() if other.episode_id != row.episode_id])
            self._listed_moved(entry, "delete", row)

    def renumber(
        self, title: str, old: tuple[int, int], new: tuple[int, int], year: int | None = None, *, at_tvdb: bool = False
    ) -> None:
        """A catalogue swaps the numbers of two episodes, or moves one to a free number. Ids stay with their episode."""
        with self._world.lock:
            entry = self._entry(title, year)
            moves = {Number(*old): Number(*new), Number(*new): Number(*old)}
            rows = listed_at_tvdb(entry.show) if at_tvdb else list(entry.show.episodes())
            if all(row.number != Number(*old) for row in rows):
                where = "TheTVDB" if at_tvdb else "TMDB"
                raise NoSuchThing(f"{where} lists no {old[0]}x{old[1]} of {title}.")
            swapped = [row._replace(number=moves.get(row.number, row.number)) for row in rows]
            if at_tvdb:
                edit_at_tvdb(entry.show, swapped)
            else:
                entry.show.edit(swapped)
            self._listed_moved(entry, of="tvdb" if at_tvdb else "tmdb")
            self._renumbered(entry, old, new, "tvdb" if at_tvdb else "tmdb")

    def _renumbered(self, entry: ShowEntry, old: tuple[int, int], new: tuple[int, int], provider: str) -> None:
        """What is missing keeps being the same episode where ids tell which one that is."""
        swapped = {old: new, new: old}

        def move(truth: ShowTruth) -> ShowTruth:
            if (truth.provider, truth.order) != (provider, "aired"):
                return truth
            return replace(truth, missing=tuple(sorted(swapped.get(number, number) for number in truth.missing)))

        if entry.episode_ids:
            self._move(entry, move)

    def set_status(self, title: str, text: str, year: int | None = None) -> None:
        """The show is "Ended", "Canceled", "Returning Series" from now on, in TMDB's words. Forgets nothing else."""
        with self._world.lock:
            entry = self._entry(title, year)
            entry.show.status = text
            self._listed_moved(entry)

    def delete_at_tmdb(self, title: str, on: bool = True, year: int | None = None) -> None:
        """TMDB answers 404 for the show, or lists it again."""
        with self._world.lock:
            entry = self._entry(title, year)
            entry.show.on_tmdb = not on
            self._listed_moved(entry, of="tmdb")

    def delete_at_tvdb(self, title: str, on: bool = True, year: int | None = None) -> None:
        """TheTVDB answers 404 for the series, or lists it again."""
        with self._world.lock:
            entry = self._entry(title, year)
            entry.show.on_tvdb = not on
            self._listed_moved(entry, "delete" if on else "create", of="tvdb")

    def expire_tvdb_tokens(self) -> None:
        """TheTVDB takes no token any more that it gave out before."""
        with self._world.lock:
            self._world.tvdb_turn += 1

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

    def delete_collection(self, tmdb_id: int, on: bool = True) -> None:
        """TMDB answers 404 for the collection, or lists it again. Its films go on naming it."""
        with self._world.lock:
            listed = self._world.catalogue.collections.get(tmdb_id)
            if listed is None:
                raise NoSuchThing(f"There is no collection {tmdb_id}.")
            listed.on_tmdb = not on
            self._world.revision += 1


def _next(rows: list[CatalogueEpisode]) -> Number:
    """The number behind the last one."""
    last = max(row.number for row in rows)
    return Number(last.season, last.number + 1)


def _numbers_in_plex(entries: list[ShowEntry], episode_id: int) -> tuple[tuple[int, int], ...]:
    """The numbers that Plex gives the items of an episode."""
    return tuple(
        (run.season, run.first + place)
        for entry in entries
        for run in entry.runs
        for place in range(run.count)
        if (listed := run.episode(place)) is not None and listed.episode_id == episode_id
    )
