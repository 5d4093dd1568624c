"""The Plex watchlist: what a person marked at plex.tv to watch. Changes when more of it must be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from plexgap.domain.ids import ExternalId
from plexgap.domain.library import Kind

# Who keeps it, as people know it.
PLEX_TV = "plex.tv"


@dataclass(frozen=True, slots=True)
class WatchlistItem:
    """A title on the list. `rating_key` names it at plex.tv and says nothing on a server; `guid` is the one that an
    item of a library carries too once Plex matched it. `ids`: those in other sources, where they stand on the list."""

    rating_key: str
    guid: str
    kind: Kind
    title: str
    year: int | None
    ids: frozenset[ExternalId] = frozenset()


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The shows on the list as it was last read whole, at `read_at` (UTC); newest first.

    `looked_up`: by rating key, the ids of items that were asked for one by one; an empty set where plex.tv has none.
    `problem`: what went wrong at the last try, whole sentences; "" when nothing did. `is_old`: by that, this is not
    the list of the last try, but the one of before.
    """

    shows: tuple[WatchlistItem, ...]
    read_at: datetime
    looked_up: Mapping[str, frozenset[ExternalId]] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""
    is_old: bool = False

    def ids(self, item: WatchlistItem) -> frozenset[ExternalId]:
        """All that is known of an item in other sources."""
        return item.ids | self.looked_up.get(item.rating_key, frozenset())
