"""How a case is written down: a show as catalogues list it, as Plex holds it, and what is true of it.

A case *states* which episodes it leaves out and how they stand; what Plex holds follows from that statement, never
the other way round. Changes when a case needs a new word.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from plexgap.demo.library import Odd
from plexgap.demo.listed import AS_TMDB, AtTvdb, Number
from plexgap.demo.truth import Numbers
from plexgap.domain.verdicts import State

TV, ANIME = "TV Shows", "Anime"
# TMDB's numbers for the kinds of episode groups.
AIRED_GROUP, ABSOLUTE_GROUP, DVD_GROUP, PRODUCTION_GROUP = 1, 2, 3, 6
ENDED, CANCELED, RETURNING = "Ended", "Canceled", "Returning Series"


def span(season: int, first: int, last: int) -> tuple[Number, ...]:
    """Season and numbers `first` to `last`, both included."""
    return tuple(Number(season, number) for number in range(first, last + 1))


def one(season: int, *numbers: int) -> tuple[Number, ...]:
    return tuple(Number(season, number) for number in numbers)


@dataclass(frozen=True, slots=True)
class Season:
    """A listed season. `starts_in`: days from today to its first episode; None: after the rhythm of the show."""

    number: int
    count: int
    first: int = 1
    step: int = 7
    starts_in: int | None = None
    dated: bool = True

    @property
    def numbers(self) -> tuple[Number, ...]:
        return span(self.number, self.first, self.first + self.count - 1)


def seasons(count: int, length: int, first: int = 1) -> tuple[Season, ...]:
    """`count` seasons of `length` episodes each."""
    return tuple(Season(number, length) for number in range(first, first + count))


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item numbered otherwise than the catalogue: for each of its numbers the listed one, in item order."""

    pairs: tuple[tuple[Number, Number], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One Plex item of the show. `only`: it holds none but these listed episodes; None: all that the case holds.

    `ids`: which outside ids stand beside its guid; `guid`: plex, local, or a legacy agent's name. `wrong_ids`: guids
    given as they are, before the others. `unlisted`: further episodes that nothing lists. `odd`: by listed number.
    `dates`: whose they are, "tmdb", "tvdb", or "none".
    """

    section: str = TV
    guid: str = "plex"
    ids: tuple[str, ...] = ("imdb", "tmdb", "tvdb")
    wrong_ids: tuple[str, ...] = ()
    only: tuple[Number, ...] | None = None
    numbered: Numbered | None = None
    unlisted: tuple[Number, ...] = ()
    odd: Mapping[Number, Odd] = field(default_factory=dict)
    title: str | None = None
    no_year: bool = False
    edition: str = ""
    ordering: str = ""
    episode_ids: bool = True
    by_date: bool = False
    flattened: bool = False
    foreign: bool = False
    dates: str = "tmdb"


@dataclass(frozen=True, slots=True)
class Order:
    """Another order that a catalogue has: which of its numbers is which aired one of TMDB's. "aired" is TheTVDB's."""

    name: str
    kind: int
    pairs: tuple[tuple[Number, Number], ...]
    on_tmdb: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    """What is so of a show where no TVDB key is set. `missing` None: the case's own, in TMDB's aired numbers."""

    state: State | None = None
    missing: Numbers | None = None
    order: str = "aired"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowCase:
    """A show. Numbers are those of the aired order.

    `anchor`: the number of an episode of the last season, and the days from today on which it airs; what comes before
    and after follows in the season's rhythm. `missing`, `just_aired`, `upcoming`, `undated` are left out of Plex and
    stand as they say. `early`: future ones that Plex holds already. `missing_specials`: left out of season 0.
    `tvdb_only`: regular ones that only TheTVDB lists; `extra_at_tmdb`: held ones of them that are none of TMDB's.
    `raw_dates`: dates as the catalogue sends them. `truth_missing`: where the truth is stated in another order;
    `without_tvdb`: where it is another one without a TVDB key.
    """

    tags: str
    seasons: tuple[Season, ...]
    anchor: tuple[int, int] = (1, -500)
    status: str = ENDED
    missing: tuple[Number, ...] = ()
    just_aired: tuple[Number, ...] = ()
    upcoming: tuple[Number, ...] = ()
    undated: tuple[Number, ...] = ()
    early: tuple[Number, ...] = ()
    missing_specials: tuple[Number, ...] = ()
    raw_dates: Mapping[Number, str | None] = field(default_factory=dict)
    titles: Mapping[Number, str] = field(default_factory=dict)
    items: tuple[Item, ...] = (Item(),)
    title: str | None = None
    year: int | None = None
    orders: tuple[Order, ...] = ()
    tvdb_only: tuple[Number, ...] = ()
    extra_at_tmdb: tuple[Number, ...] = ()
    listed_by_tmdb: bool = True
    searchable: bool = True
    has_tvdb: bool = True
    has_imdb: bool = True
    tvdb: AtTvdb = AS_TMDB
    state: State | None = None
    reason: str = ""
    provider: str = "tmdb"
    order: str = "aired"
    truth_missing: Numbers | None = None
    by_policy: Mapping[str, Numbers] = field(default_factory=dict)
    without_tvdb: Without | None = None
    instead: ShowCase | None = None

    @property
    def left_out(self) -> frozenset[Number]:
        """Every listed episode that Plex doesn't hold."""
        return frozenset((*self.missing, *self.just_aired, *self.upcoming, *self.undated, *self.missing_specials))

    @property
    def held(self) -> tuple[Number, ...]:
        """Every listed episode that Plex holds, in the order of the listing."""
        out = self.left_out
        return tuple(number for season in self.seasons for number in season.numbers if number not in out)


class Draw:
    """The dice of one case. The same seed and name throw the same."""

    def __init__(self, seed: int, name: str, today: date) -> None:
        self.today = today
        self._random = random.Random(f"{seed}/{name}")

    def between(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def some(self, numbers: Iterable[Number], count: int) -> tuple[Number, ...]:
        """`count` of them, sorted."""
        return tuple(sorted(self._random.sample(sorted(numbers), count)))

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def day(self, days: int) -> str:
        """The day so many days from today, as a catalogue sends it."""
        return (self.today + timedelta(days=days)).isoformat()

    def pick(self, *options: str) -> str:
        return self._random.choice(options)


def one_to_one(plex: Iterable[Number], listed: Iterable[Number]) -> Numbered:
    """Pairs item numbers with listed ones, in order."""
    return Numbered(tuple(zip(plex, listed, strict=True)))
