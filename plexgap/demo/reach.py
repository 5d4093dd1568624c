"""How a change reaches what it is about, and how the truth is moved. Changes when truths gain a field that moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING

from plexgap.demo.library import EpisodeAt, FilmEntry, Section, ShowEntry
from plexgap.demo.listed import CatalogueEpisode, Number
from plexgap.demo.truth import Numbers, ShowTruth
from plexgap.domain.errors import PlexgapError
from plexgap.domain.verdicts import State

if TYPE_CHECKING:
    from plexgap.demo.world import World


class NoSuchThing(PlexgapError):
    """The change names something that the world doesn't hold, or leaves out what it needs."""


class Reach:
    """Finds things by the names people use. Every method expects the world's lock to be held, if not said otherwise."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _epoch(self) -> int:
        return int(self._world.now().timestamp())

    @property
    def _today(self) -> date:
        return self._world.now().astimezone(UTC).date()

    def _entries(self, title: str, year: int | None) -> list[ShowEntry]:
        """Every show item of that title, as Plex or the catalogue calls it."""
        found = [
            entry
            for section in self._world.library.sections
            for entry in section.entries
            if title in (entry.title, entry.show.name) and year in (None, entry.year)
        ]
        if not found:
            raise NoSuchThing(f"No show is called {title!r}.")
        return found

    def _entry(self, title: str, year: int | None) -> ShowEntry:
        return self._entries(title, year)[0]

    def _films(self, title: str, year: int | None) -> list[FilmEntry]:
        found = [
            film
            for section in self._world.library.sections
            for film in section.films
            if film.title == title and year in (None, film.year)
        ]
        if not found:
            raise NoSuchThing(f"No film is called {title!r}.")
        return found

    def _section(self, library: str) -> Section:
        found = next((s for s in self._world.library.sections if library in (s.title, s.key)), None)
        if found is None:
            known = ", ".join(section.title for section in self._world.library.sections)
            raise NoSuchThing(f"No library is called {library!r}. There are: {known}.")
        return found

    def _episodes(self, title: str, season: int, episode: int, year: int | None) -> list[EpisodeAt]:
        """Every copy in Plex of an episode, by its number there."""
        found = [
            EpisodeAt(run, episode - run.first)
            for entry in self._entries(title, year)
            for run in entry.runs
            if run.season == season and 0 <= episode - run.first < run.count
        ]
        if not found:
            raise NoSuchThing(f"Plex holds no {season}x{episode} of {title!r}.")
        return found

    def _section_moved(self, section: Section) -> None:
        self._world.revision += 1
        self._world.library.moved(section, self._epoch)

    def _plex_moved(self, entry: ShowEntry) -> None:
        entry.updated = self._epoch
        self._section_moved(entry.section)

    def _listed_moved(self, entry: ShowEntry) -> None:
        self._world.revision += 1
        self._world.catalogue.touch("tv", entry.show.tmdb_id, self._world.now())

    def _edit(
        self, title: str, year: int | None, number: Number, edit: Callable[[CatalogueEpisode], CatalogueEpisode]
    ) -> ShowEntry:
        """Changes one row of the listing. Takes the lock itself."""
        with self._world.lock:
            entry = self._entry(title, year)
            rows = list(entry.show.episodes())
            if all(row.number != number for row in rows):
                raise NoSuchThing(f"TMDB lists no {number.season}x{number.number} of {title!r}.")
            entry.show.edit(edit(row) if row.number == number else row for row in rows)
            self._listed_moved(entry)
            return entry

    def _truth(self, entry: ShowEntry) -> ShowTruth | None:
        return next((t for t in self._world.shows.values() if str(entry.key) in t.rating_keys), None)

    def _keep(self, truth: ShowTruth) -> None:
        """Puts a truth in place of the old one; a judged title has gaps exactly when something is missing."""
        if truth.state in (State.GAPS, State.COMPLETE):
            truth = replace(truth, state=State.GAPS if truth.missing else State.COMPLETE)
        self._world.shows[truth.rating_keys[0]] = truth

    def _now_held(self, entry: ShowEntry, number: Number) -> None:
        """The episode is in Plex from now on: it stands nowhere any more."""
        truth = self._truth(entry)
        if truth is None:
            return
        plain = (number.season, number.number)
        counted = plain in truth.missing or plain in truth.just_aired
        self._keep(_without(truth, plain, held=truth.held + int(counted)))

    def _now_absent(self, entry: ShowEntry, number: Number, raw_date: str | None, *, new: bool) -> None:
        """The episode is not in Plex and airs on that day. `new`: it was not listed before; else it was held."""
        truth = self._truth(entry)
        if truth is None:
            return
        plain = (number.season, number.number)
        aired = False
        if number.season == 0:
            truth = replace(truth, missing_specials=_with(truth.missing_specials, plain))
        elif not raw_date:
            truth = replace(truth, undated=_with(truth.undated, plain))
        elif (day := date.fromisoformat(raw_date)) > self._today:
            truth = replace(truth, upcoming=_with(truth.upcoming, plain))
        else:
            aired = True
            if day == self._today:
                truth = replace(truth, just_aired=_with(truth.just_aired, plain))
            else:
                truth = replace(truth, missing=_with(truth.missing, plain))
        self._keep(replace(truth, listed=truth.listed + int(aired and new), held=truth.held - int(aired and not new)))

    def _restand(self, entry: ShowEntry, number: Number, raw_date: str) -> None:
        """The episode has another date from now on; where it is absent it stands in another list."""
        truth = self._truth(entry)
        plain = (number.season, number.number)
        if truth is None or plain not in (*truth.missing, *truth.just_aired, *truth.upcoming, *truth.undated):
            return
        counted = int(plain in truth.missing or plain in truth.just_aired)
        self._keep(_without(replace(truth, listed=truth.listed - counted), plain, held=truth.held))
        self._now_absent(entry, number, raw_date, new=True)


def _with(numbers: Numbers, number: tuple[int, int]) -> Numbers:
    return tuple(sorted((*numbers, number)))


def _without(truth: ShowTruth, number: tuple[int, int], held: int) -> ShowTruth:
    def left(numbers: Numbers) -> Numbers:
        return tuple(other for other in numbers if other != number)

    return replace(
        truth,
        held=held,
        missing=left(truth.missing),
        just_aired=left(truth.just_aired),
        upcoming=left(truth.upcoming),
        undated=left(truth.undated),
        missing_specials=left(truth.missing_specials),
    )
