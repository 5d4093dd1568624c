"""What exists, according to a catalogue, and the one interface every catalogue has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source

# Orders that a show may be numbered in; TMDB's episode groups are `group:` and their id.
AIRED = "aired"
DVD = "dvd"
ABSOLUTE = "absolute"
ALTERNATE = "alternate"
REGIONAL = "regional"
GROUP = "group:"
ORDERS = (AIRED, DVD, ABSOLUTE, ALTERNATE, REGIONAL)
_GROUP = re.compile(r"group:[0-9A-Za-z]+")


def is_order(text: str) -> bool:
    """Whether it names an order: one of ORDERS, or a group by its id."""
    return text in ORDERS or _GROUP.fullmatch(text) is not None


class Ask(StrEnum):
    """How a question travels. REVALIDATE sends the validator of the last answer, FRESH none at all."""

    REVALIDATE = "revalidate"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class ListedEpisode:
    """An episode a catalogue lists. `air_date` None: it gives none. `episode_id`: that catalogue's own, `ids`: those of
    other sources, where it knows them."""

    number: EpisodeNumber
    title: str = ""
    air_date: date | None = None
    runtime_min: int | None = None
    episode_id: int | None = None
    ids: frozenset[ExternalId] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that a catalogue has of a show beside the aired one. `name` as the catalogue calls it; `kind`: dvd,
    absolute, alternate, regional, and of TMDB's groups also aired, digital, production or tv."""

    order: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A show as one catalogue lists it in one order, all seasons, specials included, in number order.

    Numbers are unique in aired order; in another one, two episodes may bear the same, so that its `episode_id` is what
    tells which one it is; and what is said of the show itself (`title`, `year`, `status`, `ids` but its own,
    `next_air_date`) may be empty there: that is taken from the aired order. `orders`: the others that the catalogue
    has, where this answer says so; None: it doesn't. `status` as the catalogue spells it ("Ended", "Canceled",
    "Returning Series"). `ids`: the show's ids in every source the catalogue knows, its own included. `fetched_at`: when
    the catalogue said so, UTC.
    """

    provider: Source
    show_id: int
    order: str
    title: str
    year: int | None
    status: str
    ids: frozenset[ExternalId]
    episodes: tuple[ListedEpisode, ...]
    fetched_at: datetime
    next_air_date: date | None = None
    orders: tuple[KnownOrder, ...] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title that a catalogue offers for a search or an outside id. `original_title`: in its own language, where the
    catalogue gives that beside it."""

    provider: Source
    show_id: int
    title: str
    year: int | None
    seasons: int | None = None
    episodes: int | None = None
    original_title: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, in the catalogue's order. `more`: it has further ones that it did not give."""

    candidates: tuple[Candidate, ...]
    more: bool = False


class Catalogue(Protocol):
    """TMDB or TVDB. Every method raises SourceError when it got no answer; only NotListed means "no such thing"."""

    @property
    def provider(self) -> Source: ...

    @property
    def name(self) -> str:
        """As people know it: "TMDB"."""
        ...

    def show(self, show_id: int, ask: Ask = Ask.REVALIDATE, order: str = AIRED) -> Listing:
        """The whole listing in that order; in another than the aired one perhaps nothing but the episodes. NotListed:
        the show was deleted or never there, or has no such order."""
        ...

    def orders(self, show_id: int, ask: Ask = Ask.REVALIDATE) -> tuple[KnownOrder, ...]:
        """The orders it has of the show beside the aired one, in the order in which they are worth trying."""
        ...

    def find(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        """The show ids that an id of another source belongs to; empty when it knows none."""
        ...

    def search(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        """The first page of shows whose title resembles this one; `year`: only those first broadcast then."""
        ...

    def changed(self, since: datetime, most_pages: int) -> frozenset[int] | None:
        """The shows that were changed, merged or deleted since then, by number, and perhaps others. None: the list does
        not reach back so far, has more pages than that, or was not whole; then nothing is known of any show."""
        ...

    def check(self) -> None:
        """One cheap question that proves the key; Rejected when it is refused."""
        ...
