"""From a title to its listing: which ids are tried, which answers are taken from our own files, which are asked.

Source: design/matching.md 1, design/gaps.md 8.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock
from typing import TypeVar

from plexgap.domain.catalogue import Ask, Catalogue, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import freshness, match
from plexgap.jobs.parts import Parts
from plexgap.store.cache import Found

log = logging.getLogger(__name__)

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Asking(Enum):
    """What is asked of a catalogue, and what is taken from our own files."""

    AGAIN = auto()  # everything, without validators: a full scan
    ANEW = auto()  # everything, with validators
    EXPIRED = auto()  # what no longer holds, with validators
    NOTHING = auto()  # only our own files, of whatever age may be kept


@dataclass(frozen=True, slots=True)
class Listed:
    """The listing of a title. `asked`: it was asked for in this run; `stamp`: of its file then (Listings.stamp)."""

    listing: Listing
    asked: bool
    stamp: int | None


@dataclass(frozen=True, slots=True)
class NoTitle:
    """No id of the title leads anywhere: the person must say which it is. `reason` is one sentence."""

    reason: str


class Lookup:
    """Finds the listings of titles for one run. Safe to use from several threads; asks for each show once."""

    def __init__(self, parts: Parts, catalogue: Catalogue | None) -> None:
        self._listings = parts.listings
        self._now = parts.now
        self._catalogue = catalogue
        self._lock = Lock()
        self._shows_asked: dict[tuple[Source, int], Future[Listed]] = {}
        self._ids_asked: dict[tuple[Source, ExternalId], Future[tuple[int, ...]]] = {}

    def of(
        self, title: match.Title, override: Override | None, asking: Asking, provider: Source = Source.TMDB
    ) -> Listed | NoTitle | None:
        """The listing, or why there is none; None when only our own files may be read and they don't say.

        Raises SourceError when the catalogue gave no answer. A 404 falls through to the next id.
        """
        if override is not None:
            return self._chosen(override, asking, provider)
        tried = 0
        for outside in match.ids_to_try(title):
            shows = self._shows(outside, asking, provider)
            if shows is None:
                return None
            for show_id in shows:
                tried += 1
                try:
                    listed = self._listing(provider, show_id, asking)
                except NotListed:
                    continue
                return listed
        return NoTitle(_why_none(title, tried))

    def _chosen(self, override: Override, asking: Asking, provider: Source) -> Listed | NoTitle | None:
        try:
            return self._listing(provider, override.tmdb_id, asking)
        except NotListed:
            return NoTitle(f"TMDB no longer lists the show you chose for it (number {override.tmdb_id}).")

    def _shows(self, outside: ExternalId, asking: Asking, provider: Source) -> tuple[int, ...] | None:
        """The catalogue's shows behind an id; None when our files don't say and nothing may be asked."""
        if outside.source is provider:
            return (int(outside.value),)
        kept = self._listings.found(provider, outside)
        if kept is not None and (
            asking is Asking.NOTHING
            or (asking is Asking.EXPIRED and kept.show_ids and freshness.found_is_fresh(kept.fetched_at, self._now()))
        ):
            return kept.show_ids
        catalogue = self._catalogue
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> tuple[int, ...]:
            shows = catalogue.find(outside, _ask(asking))
            self._listings.save_found(provider, Found(outside, shows, self._now()))
            return shows

        return self._once(self._ids_asked, (provider, outside), ask)

    def _listing(self, provider: Source, show_id: int, asking: Asking) -> Listed | None:
        """Raises NotListed, and forgets what was kept, when the catalogue says there is no such show."""
        catalogue = self._catalogue
        stamp = self._listings.stamp(provider, show_id)
        if asking is Asking.NOTHING or catalogue is None:
            kept = self._listings.load(provider, show_id)
            return Listed(kept, False, stamp) if kept and freshness.may_be_kept(kept, self._now()) else None
        kept = self._listings.load(provider, show_id) if asking is Asking.EXPIRED else None
        if kept is not None and (provider, show_id) not in self._shows_asked and freshness.is_fresh(kept, self._now()):
            return Listed(kept, False, stamp)

        def ask() -> Listed:
            try:
                listing = catalogue.show(show_id, _ask(asking))
            except NotListed as error:
                log.info("%s: %s", provider, error)
                self._listings.drop(provider, show_id)
                raise
            if self._listings.stamp(provider, show_id) != stamp:
                newer = self._listings.load(provider, show_id)
                if newer is not None and newer.fetched_at > listing.fetched_at:
                    return Listed(newer, True, self._listings.stamp(provider, show_id))
            self._listings.save(listing)
            return Listed(listing, True, self._listings.stamp(provider, show_id))

        return self._once(self._shows_asked, (provider, show_id), ask)

    def _once(self, asked: dict[Key, Future[Answer]], key: Key, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question that is asked once a run, by whichever thread comes first; or its error."""
        with self._lock:
            mine = key not in asked
            future = asked.setdefault(key, Future())
        if mine:
            try:
                future.set_result(ask())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()


def _ask(asking: Asking) -> Ask:
    return Ask.FRESH if asking is Asking.AGAIN else Ask.REVALIDATE


def _why_none(title: match.Title, tried: int) -> str:
    if not title.ids:
        return "Plex knows no id for it."
    if tried:
        return "TMDB no longer lists it."
    return "TMDB knows none of the ids that Plex gives for it."
