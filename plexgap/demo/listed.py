"""What the invented catalogues list: shows, films, collections. Specs are small; episodes are made when asked for.

Changes when the demo's catalogues can say something new.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from plexgap.demo import names

# TVDB's and IMDb's episode ids lie this far above TMDB's.
_TVDB_EPISODES = 4_000_000
_IMDB_EPISODES = 31_000_000


class Number(NamedTuple):
    """Season and number, in whatever order the context says."""

    season: int
    number: int


@dataclass(frozen=True, slots=True)
class ListedSeason:
    """`count` episodes from `first` on, one each `step` days from `start` on; None: nothing of it is dated.

    `ordinal`: how many episodes of the show stand in seasons before it.
    """

    number: int
    count: int
    start: date | None
    step: int = 7
    first: int = 1
    ordinal: int = 0

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(Number(self.number, self.first + place) for place in range(self.count))


class CatalogueEpisode(NamedTuple):
    """An episode as a catalogue lists it. `air_date` as it is sent: "2020-02-09", "", None, or nonsense."""

    number: Number
    title: str
    air_date: str | None
    episode_id: int
    runtime: int = 42

    @property
    def tvdb_id(self) -> int:
        return self.episode_id + _TVDB_EPISODES

    @property
    def imdb_id(self) -> str:
        return f"tt{self.episode_id + _IMDB_EPISODES}"


@dataclass(frozen=True, slots=True)
class OtherOrder:
    """The show's episodes in another order: for each of its numbers the aired one. `kind` is TMDB's group type.

    `name`: dvd, absolute, aired (TVDB's own), alternate. `on_tmdb`: TMDB has it as an episode group.
    """

    name: str
    kind: int
    numbers: tuple[tuple[Number, Number], ...]
    on_tmdb: bool = False


class Remote(StrEnum):
    """What TheTVDB says of a series' ids elsewhere. SEVERAL: a wrong TMDB number stands before the right one. SHARED:
    another source gives it the number that is the next show's at TMDB. NONE: null."""

    USUAL = "usual"
    SEVERAL = "several"
    SHARED = "shared"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AtTvdb:
    """What TheTVDB has otherwise than TMDB. Its aired numbers, where they differ, are the show's order "aired".

    `default`: the order that the series calls its own. `days_off`: its dates lie so many days later. `language`: the
    one of its names where no other is asked for; in "deu" and "eng" it has them all.
    """

    default: str = "aired"
    days_off: int = 0
    remote: Remote = Remote.USUAL
    language: str = "eng"


AS_TMDB = AtTvdb()


@dataclass(slots=True, eq=False)
class ListedShow:
    """A show of the catalogues. `dates` are raw air dates that differ from the season's rhythm.

    `on_tmdb` False: TMDB answers 404 (deleted, or only TVDB has it); `on_tvdb` the same. `searchable`: a title search
    finds it. `tvdb_only`: numbers that TVDB lists and TMDB doesn't. `rows`, `tvdb_rows`: the listings once a change
    was made to them.
    """

    tmdb_id: int
    tvdb_id: int | None
    imdb_id: str | None
    name: str
    year: int
    status: str
    seasons: tuple[ListedSeason, ...]
    episode_base: int
    original_name: str = ""
    on_tmdb: bool = True
    searchable: bool = True
    runtime: int = 42
    dates: dict[Number, str | None] = field(default_factory=dict)
    titles: dict[Number, str] = field(default_factory=dict)
    orders: tuple[OtherOrder, ...] = ()
    tvdb_only: frozenset[Number] = frozenset()
    tvdb: AtTvdb = AS_TMDB
    on_tvdb: bool = True
    rows: list[CatalogueEpisode] | None = None
    tvdb_rows: list[CatalogueEpisode] | None = None

    @property
    def count(self) -> int:
        """Episodes of the original listing, specials included."""
        return sum(season.count for season in self.seasons)

    def season(self, number: int) -> ListedSeason | None:
        return next((season for season in self.seasons if season.number == number), None)

    def order(self, name: str) -> OtherOrder | None:
        return next((order for order in self.orders if order.name == name), None)

    def original(self, number: Number) -> CatalogueEpisode:
        """The episode as it was listed when the world was made. KeyError when it never was."""
        season = self.season(number.season)
        if season is None or not season.first <= number.number < season.first + season.count:
            raise KeyError(str(number))
        place = number.number - season.first
        ordinal = season.ordinal + place
        day = None if season.start is None else (season.start + timedelta(days=season.step * place)).isoformat()
        return CatalogueEpisode(
            number=number,
            title=self.titles.get(number) or names.episode_title(self.tmdb_id, ordinal),
            air_date=self.dates.get(number, day),
            episode_id=self.episode_base + ordinal,
            runtime=self.runtime,
        )

    def episodes(self) -> Iterator[CatalogueEpisode]:
        """Every episode that TMDB lists now, in number order."""
        if self.rows is not None:
            yield from self.rows
            return
        for season in self.seasons:
            for number in season.numbers:
                if number not in self.tvdb_only:
                    yield self.original(number)

    def by_season(self) -> dict[int, list[CatalogueEpisode]]:
        """The same by season; a season without any episode stands in it too, empty."""
        found: dict[int, list[CatalogueEpisode]] = {season.number: [] for season in self.seasons}
        for number, members in groupby(self.episodes(), key=lambda episode: episode.number.season):
            found[number] = list(members)
        return found

    def edit(self, episodes: Iterable[CatalogueEpisode]) -> None:
        """Replaces the listing from now on."""
        self.rows = sorted(episodes, key=lambda episode: episode.number)


@dataclass(slots=True, eq=False)
class ListedFilm:
    """A film of the catalogue. `release_date` as it is sent; None: the key is missing in lists of parts."""

    tmdb_id: int
    imdb_id: str | None
    title: str
    year: int | None
    release_date: str | None
    collection: int | None = None
    runtime: int = 104
    adult: bool = False
    video: bool = False
    on_tmdb: bool = True
    searchable: bool = True

    @property
    def tvdb_id(self) -> int:
        """TheTVDB counts films and series in number spaces of their own."""
        return self.tmdb_id % 50_000


@dataclass(slots=True, eq=False)
class ListedCollection:
    """A collection. `plain_names`: its parts carry `name` instead of `title`, as some of TMDB's answers do."""

    tmdb_id: int
    name: str
    parts: list[int]
    on_tmdb: bool = True
    plain_names: bool = False


class TvdbChange(NamedTuple):
    """A row of TheTVDB's /updates. `entity`: series or episodes; `method`: create, update or delete."""

    at: datetime
    entity: str
    record: int
    method: str
    series: int


class Catalogue:
    """Everything the catalogues list, by id."""

    def __init__(self) -> None:
        self.shows: dict[int, ListedShow] = {}
        self.films: dict[int, ListedFilm] = {}
        self.collections: dict[int, ListedCollection] = {}
        self.changed: list[tuple[datetime, str, int]] = []
        self.changed_at_tvdb: list[TvdbChange] = []
        self._bases: list[int] = []
        self._by_base: list[ListedShow] = []
        self._outside: dict[tuple[str, str], list[ListedShow]] = {}
        self._film_imdb: dict[str, ListedFilm] = {}

    def add_show(self, show: ListedShow) -> None:
        """Shows come in the order of their episode ids, so that an episode id finds its show."""
        self.shows[show.tmdb_id] = show
        self._bases.append(show.episode_base)
        self._by_base.append(show)
        if show.tvdb_id is not None:
            self._outside.setdefault(("tvdb_id", str(show.tvdb_id)), []).append(show)
        if show.imdb_id is not None:
            self._outside.setdefault(("imdb_id", show.imdb_id), []).append(show)

    def add_film(self, film: ListedFilm) -> None:
        self.films[film.tmdb_id] = film
        if film.imdb_id:
            self._film_imdb[film.imdb_id] = film

    def shows_by(self, source: str, value: str) -> list[ListedShow]:
        """The shows TMDB knows under an outside id."""
        return [show for show in self._outside.get((source, value), []) if show.on_tmdb]

    def series(self, tvdb_id: int) -> ListedShow | None:
        """The show that TheTVDB lists under its own number."""
        return next((show for show in self._outside.get(("tvdb_id", str(tvdb_id)), []) if show.on_tvdb), None)

    def film_by_imdb(self, value: str) -> ListedFilm | None:
        film = self._film_imdb.get(value)
        return film if film and film.on_tmdb else None

    def episode_by(self, source: str, value: str) -> tuple[ListedShow, CatalogueEpisode] | None:
        """The show and episode of an outside episode id."""
        digits = value.removeprefix("tt")
        if not digits.isdecimal():
            return None
        wanted = int(digits) - (_TVDB_EPISODES if source == "tvdb_id" else _IMDB_EPISODES)
        place = bisect_right(self._bases, wanted) - 1
        if place < 0 or not self._by_base[place].on_tmdb:
            return None
        show = self._by_base[place]
        found = next((episode for episode in show.episodes() if episode.episode_id == wanted), None)
        return (show, found) if found else None

    def touch(self, kind: str, number: int, now: datetime) -> None:
        """Something about a show ("tv") or film ("movie") changed: /tv/changes says so."""
        self.changed.append((now, kind, number))
