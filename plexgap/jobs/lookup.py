"""From a title to its listing: which ids are tried, which answers are taken from our own files, which are asked.

Source: design/matching.md 1, design/gaps.md 8.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum, auto

from plexgap.domain.catalogue import Ask, Catalogue, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import freshness, match
from plexgap.jobs.parts import Parts
from plexgap.store.cache import Found

log = logging.getLogger(__name__)


class Asking(Enum):
    """What is asked of a catalogue, and what is taken from our own files."""

    AGAIN = auto()  # everything, without validators: a full scan
    ANEW = auto()  # everything, with validators
    EXPIRED = auto()  # what no longer holds, with validators
    NOTHING = auto()  # only our own files, of whatever age may be kept


@dataclass(frozen=True, slots=True)
class Listed:
    """The listing of a title; `asked`: it was asked for just now."""

    listing: Listing
    asked: bool


@dataclass(frozen=True, slots=True)
class NoTitle:
    """No id of the title leads anywhere: the person must say which it is. `reason` is one sentence."""

    reason: str


class Lookup:
    """Finds the listing of a title. Safe to use from several threads."""

    def __init__(self, parts: Parts, catalogue: Catalogue | None, asking: Asking) -> None:
        self._listings = parts.listings
        self._now = parts.now
        self._catalogue = catalogue
        self._asking = asking

    def of(
        self, title: match.Title, override: Override | None, provider: Source = Source.TMDB
    ) -> Listed | NoTitle | None:
        """The listing, or why there is none; None when only our own files may be read and they don't say.

        Raises SourceError when the catalogue gave no answer. A 404 falls through to the next id.
        """
        if override is not None:
            return self._chosen(override, provider)
        tried = 0
        for outside in match.ids_to_try(title):
            shows = self._shows(outside, provider)
            if shows is None:
                return None
            for show_id in shows:
                tried += 1
                try:
                    listed = self._listing(provider, show_id)
                except NotListed:
                    log.info("%s no longer lists %s %s", provider, provider, show_id)
                    continue
                return listed
        return NoTitle(_why_none(title, tried))

    def _chosen(self, override: Override, provider: Source) -> Listed | NoTitle | None:
        try:
            return self._listing(provider, override.tmdb_id)
        except NotListed:
            return NoTitle(f"TMDB no longer lists the show you chose for it (number {override.tmdb_id}).")

    def _shows(self, outside: ExternalId, provider: Source) -> tuple[int, ...] | None:
        """The catalogue's shows behind an id; None when our files don't say and nothing may be asked."""
        if outside.source is provider:
            return (int(outside.value),)
        kept = self._listings.found(provider, outside)
        now = self._now()
        if kept is not None and (
            self._asking is Asking.NOTHING
            or (self._asking is Asking.EXPIRED and kept.show_ids and freshness.found_is_fresh(kept.fetched_at, now))
        ):
            return kept.show_ids
        if self._asking is Asking.NOTHING or self._catalogue is None:
            return None
        shows = self._catalogue.find(outside, self._ask)
        self._listings.save_found(provider, Found(outside, shows, self._now()))
        return shows

    def _listing(self, provider: Source, show_id: int) -> Listed | None:
        """Raises NotListed, and forgets what was kept, when the catalogue says there is no such show."""
        kept = self._listings.load(provider, show_id) if self._asking in (Asking.EXPIRED, Asking.NOTHING) else None
        now = self._now()
        if self._asking is Asking.NOTHING or self._catalogue is None:
            return Listed(kept, asked=False) if kept is not None and freshness.may_be_kept(kept, now) else None
        if kept is not None and freshness.is_fresh(kept, now):
            return Listed(kept, asked=False)
        try:
            listing = self._catalogue.show(show_id, self._ask)
        except NotListed:
            self._listings.drop(provider, show_id)
            raise
        self._listings.save(listing)
        return Listed(listing, asked=True)

    @property
    def _ask(self) -> Ask:
        return Ask.FRESH if self._asking is Asking.AGAIN else Ask.REVALIDATE


def _why_none(title: match.Title, tried: int) -> str:
    if not title.ids:
        return "Plex knows no id for it."
    if tried:
        return "TMDB no longer lists it."
    return "TMDB knows none of the ids that Plex gives for it."
