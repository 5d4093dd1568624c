"""What the invented Plex server holds: sections, shows, runs of episodes, films. Rows are made on demand.

A run is some episodes of one season of one show item that stand in a row. Everything a server must answer fast (a
page of 17,000 episodes, an item by its key) is a bisect over runs. Changes when the demo's Plex can hold something new.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from plexgap.demo import names
from plexgap.demo.listed import CatalogueEpisode, ListedFilm, ListedShow, Number

SHOW, SEASON, EPISODE, MOVIE, ARTIST, ALBUM, TRACK = 2, 3, 4, 1, 8, 9, 10

# Media and part ids lie this far above rating keys, as two tables of one server would.
MEDIA, PARTS, SECOND_COPY = 300_000, 700_000, 4_000_000


@dataclass(slots=True, eq=False)
class Odd:
    """What is unusual about one Plex item. None: as usual.

    `file` is a base name; `guids` "" leaves the item's outside ids out; `day` "" leaves the date out.
    `resolution` and `generation` tell one file from its replacement. `views`: how often it was seen, 0 for never,
    whatever its run says.
    """

    title: str | None = None
    day: str | None = None
    file: str | None = None
    guids: tuple[str, ...] | None = None
    copies: int = 1
    length: int = 1
    resolution: str | None = None
    generation: int = 0
    updated: int | None = None
    views: int | None = None
    viewed_at: int | None = None


@dataclass(slots=True, eq=False)
class Run:
    """`count` episodes from `first` on in Plex's numbering; `key` and `added` are those of the first, each
    further one has one more.

    `listed`: the first one's place in the catalogue's aired order, counting on from there; None: listed nowhere.
    `watched`: that many of them, from the first.
    """

    entry: ShowEntry
    key: int
    season: int
    first: int
    count: int
    added: int
    listed: Number | None
    watched: int = 0

    @property
    def last_key(self) -> int:
        return self.key + self.count - 1

    def episode(self, place: int) -> CatalogueEpisode | None:
        """The listed episode that the `place`th one is."""
        if self.listed is None:
            return None
        return self.entry.show.original(Number(self.listed.season, self.listed.number + place))


@dataclass(slots=True, eq=False)
class ShowEntry:
    """A show item. `show` says what its episodes are; `guid` and `guids` what Plex takes it for.

    `episode_ids`: its episodes carry outside ids. `numbered` False: a date-based show, episodes without `index`.
    `flattened`: seasons are hidden. `ordering`: Plex's showOrdering, "" = library default. `legacy`: agent prefix of
    old guids, to which season and episode numbers are added. `dates`: whose its episodes bear, tmdb, tvdb or none.
    `silent`: neither it nor its episodes bear an `updatedAt`, as items that were never refreshed.
    """

    section: Section
    key: int
    show: ListedShow
    title: str
    year: int | None
    guid: str
    guids: tuple[str, ...]
    added: int
    updated: int
    edition: str = ""
    ordering: str = ""
    legacy: str = ""
    episode_ids: bool = True
    numbered: bool = True
    flattened: bool = False
    foreign: bool = False
    silent: bool = False
    dates: str = "tmdb"
    folder: str = ""
    season_keys: dict[int, int] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    @property
    def is_local(self) -> bool:
        """Never matched: Plex knows its files and nothing else."""
        return self.guid.startswith("local://")

    @property
    def leaf_count(self) -> int:
        return sum(run.count for run in self.runs)

    def in_order(self, season: int | None = None) -> list[Run]:
        """Its runs, or those of one season, in season and episode order."""
        return sorted((r for r in self.runs if season is None or r.season == season), key=lambda r: (r.season, r.first))


@dataclass(slots=True, eq=False)
class SeasonEntry:
    """A season of a show item; it is there only while it has episodes."""

    entry: ShowEntry
    number: int
    key: int
    added: int


@dataclass(slots=True, eq=False)
class FilmEntry:
    """A film item."""

    section: Section
    key: int
    film: ListedFilm
    title: str
    year: int | None
    guid: str
    guids: tuple[str, ...]
    added: int
    edition: str = ""
    watched: bool = False
    updated: int | None = None


@dataclass(slots=True, eq=False)
class MusicEntry:
    """An artist, album or track, told apart by `kind`; `parent` is the key of what it belongs to."""

    section: Section
    key: int
    kind: int
    title: str
    added: int
    index: int = 1
    parent: MusicEntry | None = None
    year: int | None = None


@dataclass(slots=True, eq=False)
class Section:
    """A library of the server. `short`: listings give that many rows fewer than they announce, for tests."""

    key: str
    uuid: str
    title: str
    kind: str
    agent: str
    scanner: str
    language: str
    path: str
    created: int
    scanned: int
    counter: int
    ordering: str = ""
    refreshing: bool = False
    short: int = 0
    hidden: int = 0
    entries: list[ShowEntry] = field(default_factory=list)
    films: list[FilmEntry] = field(default_factory=list)
    music: list[MusicEntry] = field(default_factory=list)
    seasons: list[SeasonEntry] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def count_again(self) -> None:
        """To be called after any change of its runs."""
        self.runs.sort(key=lambda run: run.added)
        self.ends = list(accumulate(run.count for run in self.runs))
        self.seasons.sort(key=lambda season: season.added)

    @property
    def episode_count(self) -> int:
        return self.ends[-1] if self.ends else 0

    def episodes(self, start: int, stop: int) -> Iterator[tuple[Run, int]]:
        """Episodes `start`..`stop` in the order they were added: a bisect, then a walk."""
        place = bisect_right(self.ends, start)
        while place < len(self.runs) and start < stop:
            run = self.runs[place]
            begin = start - (self.ends[place] - run.count)
            for within in range(begin, min(run.count, begin + stop - start)):
                yield run, within
                start += 1
            place += 1


@dataclass(frozen=True, slots=True)
class EpisodeAt:
    """One episode item: the `place`th of `run`."""

    run: Run
    place: int

    @property
    def key(self) -> int:
        return self.run.key + self.place


Found = ShowEntry | SeasonEntry | EpisodeAt | FilmEntry | MusicEntry


class Library:
    """The server's content, by section and by rating key."""

    def __init__(self, first_key: int, counter: int) -> None:
        self.sections: list[Section] = []
        self.odd: dict[int, Odd] = {}
        self._next_key = first_key
        self._counter = counter
        self._starts: list[int] = []
        self._things: dict[int, ShowEntry | SeasonEntry | Run | FilmEntry | MusicEntry] = {}

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def titled(self, title: str) -> Section:
        return next(section for section in self.sections if section.title == title)

    def new_keys(self, count: int = 1) -> int:
        """The first of `count` fresh rating keys. A key is never given again."""
        key = self._next_key
        self._next_key += count
        return key

    def moved(self, section: Section, now: int, *, counted: bool = True) -> None:
        """The section's content changed: Plex stamps it with its server-wide change number, where that is `counted`."""
        if counted:
            self._counter += 7
            section.counter = self._counter
        section.scanned = now
        section.count_again()

    def enter(self, key: int, thing: ShowEntry | SeasonEntry | Run | FilmEntry | MusicEntry) -> None:
        """Makes the thing found by its key. Keys mostly rise, so this mostly appends."""
        self._things[key] = thing
        insort(self._starts, key)

    def forget(self, key: int) -> None:
        del self._things[key]
        self._starts.remove(key)

    def find(self, key: str) -> Found | None:
        """The item with this rating key."""
        if not key.isdecimal() or not self._starts:
            return None
        number = int(key)
        place = bisect_right(self._starts, number) - 1
        thing = self._things[self._starts[place]] if place >= 0 else None
        if isinstance(thing, Run):
            return EpisodeAt(thing, number - thing.key) if number <= thing.last_key else None
        return thing if thing is not None and self._starts[place] == number else None

    def rekey(self, by: int) -> None:
        """Every rating key rises by this much."""
        for section in self.sections:
            things: list[ShowEntry | SeasonEntry | Run | FilmEntry | MusicEntry] = [*section.entries, *section.seasons]
            for thing in (*things, *section.runs, *section.films, *section.music):
                thing.key += by
            for entry in section.entries:
                entry.season_keys = {number: key + by for number, key in entry.season_keys.items()}
        self.odd = {key + by: odd for key, odd in self.odd.items()}
        self._things = {key + by: thing for key, thing in self._things.items()}
        self._starts = [key + by for key in self._starts]
        self._next_key += by

    def add_entry(self, entry: ShowEntry) -> None:
        entry.section.entries.append(entry)
        entry.folder = entry.folder or names.file_title(entry.title)
        self.enter(entry.key, entry)

    def add_run(self, entry: ShowEntry, season: int, first: int, listed: Number | None, count: int, added: int) -> Run:
        """Adds `count` episodes, and their season where it is new. Call `Section.count_again` afterwards."""
        if season not in entry.season_keys:
            key = self.new_keys()
            entry.season_keys[season] = key
            made = SeasonEntry(entry, season, key, added)
            entry.section.seasons.append(made)
            self.enter(key, made)
        run = Run(entry, self.new_keys(count), season, first, count, added, listed)
        entry.runs.append(run)
        entry.section.runs.append(run)
        self.enter(run.key, run)
        return run

    def add_film(self, film: FilmEntry) -> None:
        film.section.films.append(film)
        self.enter(film.key, film)

    def add_music(self, thing: MusicEntry) -> None:
        thing.section.music.append(thing)
        self.enter(thing.key, thing)

    def remove_episode(self, found: EpisodeAt) -> None:
        """Takes one episode out, its season too when it was the last."""
        run, place = found.run, found.place
        entry = run.entry
        entry.runs.remove(run)
        entry.section.runs.remove(run)
        self.forget(run.key)
        for begin, count in ((0, place), (place + 1, run.count - place - 1)):
            if count:
                self._add_piece(run, begin, count)
        self.odd.pop(found.key, None)
        if not any(other.season == run.season for other in entry.runs):
            self._remove_season(entry, run.season)

    def remove_entry(self, entry: ShowEntry) -> None:
        for run in entry.runs:
            entry.section.runs.remove(run)
            self.forget(run.key)
        for season in list(entry.season_keys):
            self._remove_season(entry, season)
        entry.section.entries.remove(entry)
        self.forget(entry.key)

    def remove_film(self, film: FilmEntry) -> None:
        film.section.films.remove(film)
        self.forget(film.key)

    def move_entry(self, entry: ShowEntry, to: Section) -> None:
        """The same items in another library. Call `Section.count_again` of both afterwards."""
        seasons = [season for season in entry.section.seasons if season.entry is entry]
        entry.section.entries.remove(entry)
        entry.section.seasons = [season for season in entry.section.seasons if season.entry is not entry]
        entry.section.runs = [run for run in entry.section.runs if run.entry is not entry]
        entry.section = to
        to.entries.append(entry)
        to.seasons += seasons
        to.runs += entry.runs

    def make_new(self, entry: ShowEntry, now: int) -> None:
        """A show that Plex takes for new: all its items have fresh rating keys and were added now."""
        self.forget(entry.key)
        entry.key, entry.added = self.new_keys(), now
        self.enter(entry.key, entry)
        for season in (season for season in entry.section.seasons if season.entry is entry):
            self.forget(season.key)
            season.key, season.added = self.new_keys(), now
            entry.season_keys[season.number] = season.key
            self.enter(season.key, season)
        added = now - entry.leaf_count
        for run in entry.in_order():
            old = run.key
            self.forget(old)
            run.key, run.added = self.new_keys(run.count), added
            added += run.count
            self.enter(run.key, run)
            for place in range(run.count):
                if (odd := self.odd.pop(old + place, None)) is not None:
                    self.odd[run.key + place] = odd

    def go_back_to(self, earlier: Library, past: int) -> None:
        """All is as it was in `earlier`, the change number too but for `past`."""
        self.__dict__.update(earlier.__dict__)
        self._counter += past

    def _add_piece(self, run: Run, begin: int, count: int) -> None:
        listed = Number(run.listed.season, run.listed.number + begin) if run.listed else None
        watched = min(max(run.watched - begin, 0), count)
        piece = Run(
            run.entry, run.key + begin, run.season, run.first + begin, count, run.added + begin, listed, watched
        )
        run.entry.runs.append(piece)
        run.entry.section.runs.append(piece)
        self.enter(piece.key, piece)

    def _remove_season(self, entry: ShowEntry, number: int) -> None:
        key = entry.season_keys.pop(number)
        entry.section.seasons = [season for season in entry.section.seasons if season.key != key]
        self.forget(key)
