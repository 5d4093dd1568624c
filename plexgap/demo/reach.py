"""How a change reaches what it is about, and how the truth is moved. Changes when truths gain a field that moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING

from plexgap.demo.library import EpisodeAt, FilmEntry, Odd, Section, ShowEntry
from plexgap.demo.listed import CatalogueEpisode, ListedShow, Number, TvdbChange
from plexgap.demo.listed_tvdb import aired as listed_at_tvdb
from plexgap.demo.listed_tvdb import day_at_tvdb
from plexgap.demo.listed_tvdb import edit as edit_at_tvdb
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
        self._world.library.moved(section, self._epoch, counted=self._world.books.counter)

    def _plex_moved(self, entry: ShowEntry) -> None:
        """The show's content changed. What Plex writes down of it is as `World.books` says."""
        if self._world.books.updated:
            entry.updated = self._epoch
        self._section_moved(entry.section)

    def _odd(self, key: int) -> Odd:
        """What is unusual about an item, to be changed."""
        return self._world.library.odd.setdefault(key, Odd())

    def _listed_moved(
        self, entry: ShowEntry, method: str = "update", episode: CatalogueEpisode | None = None, of: str = ""
    ) -> None:
        """Both catalogues, or the one that `of` names, say that the show changed; TheTVDB also which episode did."""
        self._world.revision += 1
        catalogue, show, now = self._world.catalogue, entry.show, self._world.now()
        if of != "tvdb":
            catalogue.touch("tv", show.tmdb_id, now)
        if of == "tmdb" or show.tvdb_id is None:
            return
        if episode is not None:
            catalogue.changed_at_tvdb.append(TvdbChange(now, "episodes", episode.tvdb_id, method, show.tvdb_id))
        # Saving an episode saves its series too.
        whole = "update" if episode is not None else method
        catalogue.changed_at_tvdb.append(TvdbChange(now, "series", show.tvdb_id, whole, show.tvdb_id))

    def _listed(self, entry: ShowEntry, number: Number) -> CatalogueEpisode:
        """The row that TMDB has under this number."""
        found = next((row for row in entry.show.episodes() if row.number == number), None)
        if found is None:
            raise NoSuchThing(f"TMDB lists no {number.season}x{number.number} of {entry.show.name!r}.")
        return found

    def _edit(
        self, title: str, year: int | None, number: Number, *, name: str | None = None, day: str | None = None
    ) -> tuple[ShowEntry, CatalogueEpisode]:
        """Changes an episode in both listings. Takes the lock itself."""
        with self._world.lock:
            entry = self._entry(title, year)
            show, old = entry.show, self._listed(entry, number)

            def edited(row: CatalogueEpisode, given: str | None) -> CatalogueEpisode:
                if row.episode_id != old.episode_id:
                    return row
                return row._replace(title=name or row.title, air_date=given if day is not None else row.air_date)

            at_tvdb = day_at_tvdb(show, old.episode_id, day)
            edit_at_tvdb(show, [edited(row, at_tvdb) for row in listed_at_tvdb(show)])
            show.edit([edited(row, day) for row in show.episodes()])
            self._listed_moved(entry, episode=old)
            return entry, old

    def _truth(self, entry: ShowEntry) -> ShowTruth | None:
        return next((t for t in self._world.shows.values() if str(entry.key) in t.rating_keys), None)

    def _move(self, entry: ShowEntry, move: Callable[[ShowTruth], ShowTruth]) -> None:
        """Puts what `move` makes of a title's truth in place of the old one, with a TVDB key and without.

        A judged title has gaps exactly when something is missing; one that isn't judged stays as it is.
        """

        def moved(truth: ShowTruth) -> ShowTruth:
            if truth.state not in (State.GAPS, State.COMPLETE):
                return truth
            truth = move(truth)
            return replace(truth, state=State.GAPS if truth.missing else State.COMPLETE)

        truth = self._truth(entry)
        if truth is not None:
            other = truth.without_tvdb
            made = replace(moved(truth), without_tvdb=moved(other) if other is not None else None)
            self._world.shows[made.rating_keys[0]] = made

    def _now_held(self, entry: ShowEntry, episode_id: int) -> None:
        """The episode is in Plex from now on: it stands nowhere any more."""

        def move(truth: ShowTruth) -> ShowTruth:
            number = number_in(truth, entry.show, episode_id)
            if number is None:
                return truth
            counted = number in truth.missing or number in truth.just_aired
            return _without(truth, number, held=truth.held + int(counted))

        self._move(entry, move)

    def _now_absent(self, entry: ShowEntry, episode_id: int, raw_date: str | None, *, new: bool) -> None:
        """The episode is not in Plex and airs on that day. `new`: it was not listed before; else it was held."""
        today = self._today

        def move(truth: ShowTruth) -> ShowTruth:
            number = number_in(truth, entry.show, episode_id)
            return truth if number is None else _absent(truth, number, raw_date, today, new=new)

        self._move(entry, move)

    def _restand(self, entry: ShowEntry, episode_id: int, raw_date: str) -> None:
        """The episode has another date from now on; where it is absent it stands in another list."""
        today = self._today

        def move(truth: ShowTruth) -> ShowTruth:
            number = number_in(truth, entry.show, episode_id)
            if number is None or number not in (*truth.missing, *truth.just_aired, *truth.upcoming, *truth.undated):
                return truth
            counted = int(number in truth.missing or number in truth.just_aired)
            left = _without(replace(truth, listed=truth.listed - counted), number, held=truth.held)
            return _absent(left, number, raw_date, today, new=True)

        self._move(entry, move)

    def _unlisted(self, entry: ShowEntry, episode: CatalogueEpisode, in_plex: Numbers) -> None:
        """To be called before the catalogues drop it. `in_plex`: the numbers of its items, which nothing lists then."""
        today = self._today

        def move(truth: ShowTruth) -> ShowTruth:
            number = number_in(truth, entry.show, episode.episode_id)
            if number is None or not number.season:
                return truth
            counted = int(bool(episode.air_date) and date.fromisoformat(str(episode.air_date)) <= today)
            held = counted if in_plex else 0
            left = _without(replace(truth, listed=truth.listed - counted), number, held=truth.held - held)
            return replace(left, extra=tuple(sorted((*left.extra, *in_plex))))

        self._move(entry, move)


def number_in(truth: ShowTruth, show: ListedShow, episode_id: int) -> Number | None:
    """An episode's number as the title's truth states numbers: in its order, else, as specials always, in aired order
    of its catalogue. None: that catalogue doesn't list it."""
    rows = show.episodes() if truth.provider == "tmdb" else listed_at_tvdb(show)
    own = next((row.number for row in rows if row.episode_id == episode_id), None)
    if own is None or not own.season:
        return own
    numbers = {show.original(listed).episode_id: number for number, listed in _pairs(truth, show)}
    return numbers.get(episode_id, own)


def original_of(truth: ShowTruth | None, show: ListedShow, number: Number) -> Number:
    """The other way round: the number in the listing the show was made with."""
    pairs = _pairs(truth, show) if truth is not None else ()
    if truth is not None and truth.provider == "tvdb" and truth.order == "aired":
        own = show.order("aired")
        pairs = own.numbers if own is not None else ()
    return next((listed for other, listed in pairs if other == number), number)


def _pairs(truth: ShowTruth, show: ListedShow) -> tuple[tuple[Number, Number], ...]:
    """The numbers of the truth's order beside those the show was made with; none for aired order."""
    if truth.order == "aired":
        return ()
    own = next((o for o in show.orders if o.on_tmdb), None) if truth.order == "group" else show.order(truth.order)
    return own.numbers if own is not None else ()


def _absent(truth: ShowTruth, number: Number, raw_date: str | None, today: date, *, new: bool) -> ShowTruth:
    plain = (number.season, number.number)
    aired = False
    if number.season == 0:
        truth = replace(truth, missing_specials=_with(truth.missing_specials, plain))
    elif not raw_date:
        truth = replace(truth, undated=_with(truth.undated, plain))
    elif (day := date.fromisoformat(raw_date)) > today:
        truth = replace(truth, upcoming=_with(truth.upcoming, plain))
    else:
        aired = True
        if day == today:
            truth = replace(truth, just_aired=_with(truth.just_aired, plain))
        else:
            truth = replace(truth, missing=_with(truth.missing, plain))
    return replace(truth, listed=truth.listed + int(aired and new), held=truth.held - int(aired and not new))


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
