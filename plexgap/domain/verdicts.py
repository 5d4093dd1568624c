"""What the comparison says of a title: facts about listed episodes, and how sure the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from plexgap.domain.catalogue import Candidate
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source


class State(StrEnum):
    """Of a title. Only COMPLETE and GAPS were judged."""

    COMPLETE = "complete"
    GAPS = "gaps"
    SUSPECT = "suspect"
    UNKNOWN = "unknown"
    NEEDS_MAPPING = "needs_mapping"


class Standing(StrEnum):
    """Of a listed episode, at one moment, for one person's settings and decisions."""

    HELD = "held"
    IGNORED = "ignored"
    UNDATED = "undated"
    UPCOMING = "upcoming"
    JUST_AIRED = "just_aired"
    MISSING = "missing"


class MatchRule(StrEnum):
    """Which rule of design/matching.md 2 found an episode. Kept, so that "why" can say it."""

    EPISODE_ID = "episode_id"
    NUMBER_CONFIRMED = "number_confirmed"
    TITLE_AND_DATE = "title_and_date"
    NUMBER = "number"
    DATE = "date"
    TITLE = "title"
    NEIGHBOURS = "neighbours"
    FILE = "file"


class Outcome(StrEnum):
    """How the last check of a title ended, before time and decisions are looked at."""

    JUDGED = "judged"
    SUSPECT = "suspect"
    UNKNOWN = "unknown"
    NEEDS_MAPPING = "needs_mapping"


@dataclass(frozen=True, slots=True)
class Absent:
    """A listed episode that is not held. `removed`: an earlier snapshot held it. `aired`: its number in
    TMDB's aired order, where the order in use is another one; None where it is that one, or where nobody knows it."""

    number: EpisodeNumber
    title: str
    air_date: date | None
    episode_id: int | None
    ids: frozenset[ExternalId] = frozenset()
    removed: bool = False
    aired: EpisodeNumber | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A listed episode and the Plex episode that satisfies it."""

    number: EpisodeNumber
    rating_key: str
    rule: MatchRule


@dataclass(frozen=True, slots=True)
class Extra:
    """A held episode that nothing lists."""

    rating_key: str
    season: int | None
    number: int | None
    title: str
    air_date: date | None = None


@dataclass(frozen=True, slots=True)
class Misnumbered:
    """A held episode that is surely (by id, or by title and date) listed under another number than Plex gives it.
    `number`: the listed one."""

    rating_key: str
    season: int | None
    plex_number: int | None
    number: EpisodeNumber
    title: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A listed episode that several Plex episodes of one show item are."""

    number: EpisodeNumber
    title: str
    rating_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How surely the order in use is the one: of `counted` regular held episodes with a number, the date, title or id
    of `confirmed` says the same. `best`: nothing explains all that is held; this order only comes nearest."""

    confirmed: int
    counted: int
    best: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """How well a comparison stands, counted over the held regular episodes (words: design/matching.md 2, 5).

    `sure`: matched by id, or by a number that a date or title confirms. `dated`: with a date; `agreeing`: matched by
    id, date or title. `trusted`: the order is, for every item. `number_confirmed`: some number is.
    """

    held: int = 0
    unmatched: int = 0
    sure: int = 0
    dated: int = 0
    agreeing: int = 0
    trusted: bool = True
    number_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One title's held episodes against one listing, in listing order. Facts only: no clock, no decision."""

    matches: tuple[Match, ...]
    absent: tuple[Absent, ...]
    extra: tuple[Extra, ...]
    weight: Weight = Weight()
    misnumbered: tuple[Misnumbered, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A season in listing order, one letter an episode: "h" held, "a" absent.

    `numbers`: their numbers in the season. `days`: the day each was first broadcast, as `date.toordinal()`,
    0 where the catalogue gives no usable date. All three are equally long.
    """

    season: int
    row: str
    numbers: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What is stored of a title's last check. `title_id` names the title, its Plex items are `rating_keys`.

    `reason` is one sentence for outcomes that are not JUDGED; of any with a listing it also says if a search for the
    title found that, and why one was needed. `candidates`: what a search offered where NEEDS_MAPPING. An UNKNOWN
    title keeps `listing_*`, `seasons` and `absent` of its last good answer; `checked_at` is when a catalogue last
    gave one, `tried_at` when it was asked. `provider`, `show_id`, `order`, `order_source` name the listing used; all
    None while there never was one. `orders`: every order of that listing that was read for it.
    """

    title_id: str
    rating_keys: tuple[str, ...]
    outcome: Outcome
    reason: str | None
    provider: Source | None
    show_id: int | None
    order: str | None
    order_source: str | None
    title: str
    year: int | None
    status: str
    ids: frozenset[ExternalId]
    checked_at: datetime | None
    tried_at: datetime
    seasons: tuple[SeasonRow, ...] = ()
    absent: tuple[Absent, ...] = ()
    extra: tuple[Extra, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    misnumbered: tuple[Misnumbered, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    orders: tuple[str, ...] = ()
    fit: Fit | None = None
