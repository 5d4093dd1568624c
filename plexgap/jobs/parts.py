"""What every job works with: our own stores, and the services of one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from threading import Event as Signal
from typing import TYPE_CHECKING

from plexgap.config import Settings
from plexgap.domain.catalogue import Catalogue
from plexgap.domain.events import Event
from plexgap.domain.films import FilmCatalogue
from plexgap.domain.ids import Source
from plexgap.store.cache import Listings
from plexgap.store.decisions import DecisionStore
from plexgap.store.index import Index
from plexgap.store.watchlist import WatchlistStore

if TYPE_CHECKING:
    # Slow to import, and what only prints needs none of it.
    from plexgap.sources.plex import Plex
    from plexgap.sources.plex_tv import PlexTv


@dataclass(frozen=True, slots=True)
class Parts:
    """Settings, stores and the clock. `now` gives an aware UTC moment."""

    settings: Settings
    index: Index
    listings: Listings
    decisions: DecisionStore
    watchlist: WatchlistStore
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the services of a run have cost so far."""

    requests: dict[str, int]
    retries: int


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one run; `catalogues` in the order they are asked. `stop` ends every wait at once; `heard` holds
    events that arose in their threads. `films`: TMDB, asked about films; None where there is no key of it."""

    plex: Plex
    catalogues: tuple[Catalogue, ...]
    plex_tv: PlexTv
    stop: Signal
    figures: Callable[[], Figures]
    heard: SimpleQueue[Event] = field(default_factory=SimpleQueue)
    films: FilmCatalogue | None = None

    def catalogue(self, provider: Source) -> Catalogue | None:
        """That catalogue; None where there is no key of it, or the settings leave it out."""
        return next((each for each in self.catalogues if each.provider is provider), None)
