"""From a title to its listing: which ids are tried, when its name is searched for, which answers are taken from our own
files, which are asked.

Source: design/matching.md 1, design/gaps.md 8.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial
from threading import Lock
from typing import Literal, TypeVar

from plexgap.config import Settings
from plexgap.domain.catalogue import AIRED, Ask, Candidate, Catalogue, Hits, KnownOrder, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed, Rejected
from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import freshness, match, search
from plexgap.jobs.nowhere import SHOW, why_none, why_unclear
from plexgap.jobs.once import Once
from plexgap.jobs.parts import Parts
from plexgap.jobs.trail import Trail
from plexgap.store.cache import Found, Searched

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Asking(Enum):
    """What is asked of a catalogue, and what is taken from our own files."""

    AGAIN = auto()  # everything, without validators: a full scan
    ANEW = auto()  # everything, with validators
    EXPIRED = auto()  # what no longer holds, with validators
    NOTHING = auto()  # only our own files, of whatever age may be kept

    @property
    def how(self) -> Ask:
        """How a question is put, where one is."""
        return Ask.FRESH if self is Asking.AGAIN else Ask.REVALIDATE


@dataclass(frozen=True, slots=True)
class Listed:
    """The listing of a title. `asked`: it was asked for in this run; `stamp`: of its file then (Listings.stamp).
    `by_title`: that a search found it and why it was searched for, in whole sentences; "" where an id led to it.
    `trail`: what it rests on; None where that is not known."""

    listing: Listing
    asked: bool
    stamp: int | None
    by_title: str = ""
    trail: Trail | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NoTitle:
    """Neither an id nor its name leads anywhere: the person must say which it is. `reason` is one sentence;
    `candidates`: what there is to choose from, best first. `fitting`: how many of them it may well be."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    fitting: int = 0
    trail: Trail | None = field(default=None, compare=False, repr=False)


def sources_of(settings: Settings) -> tuple[Source, ...]:
    """The catalogues that the settings name and have a key of, the one that is asked first before the other."""
    keys = {Source.TMDB: settings.tmdb_api_key, Source.TVDB: settings.tvdb_api_key}
    return tuple(source for source, key in keys.items() if key and settings.provider in ("auto", source))


class Lookup:
    """Finds the listings of titles for one run. Safe to use from several threads; asks for each show once.

    `catalogues`: those that may be asked; without any only our own files are read. A second one that refuses its key
    is asked no more in this run, and `on_refused` hears of it once.
    """

    def __init__(
        self,
        parts: Parts,
        catalogues: Iterable[Catalogue] = (),
        on_refused: Callable[[Rejected], None] = lambda error: None,
    ) -> None:
        self._listings = parts.listings
        self._now = parts.now
        self._catalogues = {catalogue.provider: catalogue for catalogue in catalogues}
        self._sources = tuple(self._catalogues) or sources_of(parts.settings) or (Source.TMDB,)
        self._on_refused = on_refused
        self._lock = Lock()
        self._shows_asked: Once[tuple[Source, int, str], Listed] = Once()
        self._ids_asked: Once[tuple[Source, ExternalId], Found] = Once()
        self._titles_asked: Once[tuple[Source, search.Sought], Searched] = Once()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The catalogues that may be asked, first the one that is asked first."""
        return self._sources

    def of(self, title: match.Title, override: Override | None, asking: Asking) -> Listed | NoTitle | None:
        """The listing in aired order, or why there is none; None when only our own files may be read and they don't
        say.

        Raises SourceError when a catalogue gave no answer: nothing is searched for then. A 404 falls through to the
        next id, after the last one to the other catalogue, and then to a search for the title.
        """
        trail = Trail(self._listings, self._now)
        if override is not None and override.names_show:
            found = self._chosen(override, asking, trail)
        else:
            found = self._found(title, asking, trail)
            if isinstance(found, NoTitle) and asking is Asking.EXPIRED and not trail.nothing_is_fresh():
                # Before a person is asked, so is the catalogue about what our files say it doesn't have.
                trail = Trail(self._listings, self._now)
                found = self._found(title, Asking.ANEW, trail)
        trail.sources = self._sources
        if isinstance(found, NoTitle):
            trail.nothing_was_found()
            return replace(found, trail=trail)
        return replace(found, trail=trail) if found is not None else None

    def _found(self, title: match.Title, asking: Asking, trail: Trail) -> Listed | NoTitle | None:
        tried: dict[Source, int] = {}
        for provider in self._sources:
            ids = match.ids_to_try(title, provider)
            found = self._unless_refused(provider, partial(self.by_ids, ids, asking, trail=trail))
            if not isinstance(found, int):
                return found
            tried[provider] = found
        nothing = None
        for provider in self._sources:
            why = why_none(title.ids, tried.get(provider, 0), provider, SHOW)
            named = self._unless_refused(provider, partial(self._by_title, title, why, asking, trail=trail))
            if named == 0:
                continue
            if not isinstance(named, NoTitle):
                return named if isinstance(named, Listed) else None
            nothing = nothing or named
            if named.fitting:
                return nothing if nothing.candidates else replace(nothing, candidates=named.candidates)
        return nothing

    def _unless_refused(self, provider: Source, ask: Callable[[Source], Answer]) -> Answer | Literal[0]:
        """The answer; 0, as of a catalogue that knows nothing, where the second one refuses its key."""
        try:
            return ask(provider)
        except Rejected as error:
            if not self.turn_off(provider, error):
                raise
            return 0

    def turn_off(self, provider: Source, error: Rejected) -> bool:
        """Asks a catalogue that refuses its key no more in this run; False where it is the first, or the only one."""
        with self._lock:
            if provider is self._sources[0]:
                return False
            told = provider not in self._sources
            self._sources = tuple(source for source in self._sources if source is not provider)
        if not told:
            self._on_refused(error)
        return True

    def by_ids(self, ids: Iterable[ExternalId], asking: Asking, provider: Source, trail: Trail) -> Listed | int | None:
        """The listing in aired order of the first of these ids that answers, else how many shows were tried; None when
        only our own files may be read and they don't say."""
        tried = 0
        for outside in ids:
            shows = self._shows(outside, asking, provider, trail)
            if shows is None:
                return None
            for show_id in shows:
                tried += 1
                if self._is_gone(provider, show_id, asking, trail):
                    continue
                try:
                    return self.listing(provider, show_id, asking, trail=trail)
                except NotListed:
                    continue
        return tried

    def _chosen(self, override: Override, asking: Asking, trail: Trail) -> Listed | NoTitle | None:
        provider = Source.TMDB if override.tmdb_id is not None else Source.TVDB
        show_id = override.tmdb_id or override.tvdb_id or 0
        if provider not in self._sources:
            return NoTitle(
                f"You chose a show of {provider.label} for it, and there is no {provider.label} key that works."
            )
        try:
            return self.listing(provider, show_id, asking, trail=trail)
        except NotListed:
            return NoTitle(f"{provider.label} no longer lists the show you chose for it (number {show_id}).")

    def known_orders(self, listing: Listing, asking: Asking, trail: Trail) -> tuple[KnownOrder, ...] | None:
        """The catalogue's orders of a show beside the aired one, kept with its listing; None when only our own files
        may be read and they don't say."""
        if listing.orders is not None:
            return listing.orders
        catalogue = self._catalogues.get(listing.provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None
        orders = catalogue.orders(listing.show_id, asking.how)
        kept = self._listings.load(listing.provider, listing.show_id)
        if kept is not None and kept.fetched_at == listing.fetched_at:
            self._listings.save(replace(kept, orders=orders))
            trail.listing(kept, self._listings.stamp(listing.provider, listing.show_id))
        return orders

    def _shows(self, outside: ExternalId, asking: Asking, provider: Source, trail: Trail) -> tuple[int, ...] | None:
        """The catalogue's shows behind an id; None when our files don't say and nothing may be asked."""
        if outside.source is provider:
            return (int(outside.value),)
        kept = self._listings.found(provider, outside)
        if kept is not None and (
            asking is Asking.NOTHING
            or (asking is Asking.EXPIRED and self._holds(kept.fetched_at, found=bool(kept.show_ids)))
        ):
            self._note_found(provider, kept, trail)
            return kept.show_ids
        catalogue = self._catalogues.get(provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> Found:
            found = Found(outside, catalogue.find(outside, asking.how), self._now())
            self._listings.save_found(provider, found)
            return found

        found = self._ids_asked.answer((provider, outside), ask)
        self._note_found(provider, found, trail)
        return found.show_ids

    def _holds(self, fetched_at: datetime, *, found: bool) -> bool:
        return freshness.found_is_fresh(fetched_at, self._now(), found=found)

    def _note_found(self, provider: Source, found: Found, trail: Trail) -> None:
        until = freshness.found_until(found.fetched_at, found=bool(found.show_ids))
        trail.answer(self._listings.found_file(provider, found.outside), found.fetched_at, until)

    def _by_title(
        self, title: match.Title, why: str, asking: Asking, provider: Source, trail: Trail
    ) -> Listed | NoTitle | None:
        """What a search finds. `why`: why it is needed, the beginning of a sentence."""
        wanted = search.sought(title.name, title.year)
        if not search.says_enough(wanted, (item.guid for item in title.items)):
            return NoTitle(f"{why}, and its name alone says too little.")
        hits = self._hits(wanted, asking, provider, trail)
        if hits is None:
            return None
        choice = search.choose(wanted, hits.candidates, more=hits.more)
        if choice.show is None:
            reason = f"{why}, and {why_unclear(wanted, choice, provider, SHOW)}."
            return NoTitle(reason, choice.candidates, choice.fitting)
        try:
            listed = self.listing(provider, choice.show.show_id, asking, trail=trail)
        except NotListed:
            return NoTitle(f"{why}, and {provider.label} no longer lists the series of its name.")
        how = "its title and year" if wanted.year is not None else "its title"
        return replace(listed, by_title=f"Found by {how}. {why}.") if listed is not None else None

    def _hits(self, wanted: search.Sought, asking: Asking, provider: Source, trail: Trail) -> Hits | None:
        """What the catalogue offers for a title; None when our files don't say and nothing may be asked."""
        kept = self._listings.searched(provider, wanted.title, wanted.year)
        if kept is not None and (
            asking is Asking.NOTHING
            or (asking is Asking.EXPIRED and self._holds(kept.fetched_at, found=search.tells(wanted, kept.hits)))
        ):
            self._note_searched(provider, wanted, kept, trail)
            return kept.hits
        catalogue = self._catalogues.get(provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> Searched:
            hits = search_for(wanted, partial(catalogue.search, ask=asking.how))
            searched = Searched(wanted.title, wanted.year, hits, self._now())
            self._listings.save_searched(provider, searched)
            return searched

        searched = self._titles_asked.answer((provider, wanted), ask)
        self._note_searched(provider, wanted, searched, trail)
        return searched.hits

    def _note_searched(self, provider: Source, wanted: search.Sought, searched: Searched, trail: Trail) -> None:
        until = freshness.found_until(searched.fetched_at, found=search.tells(wanted, searched.hits))
        trail.answer(self._listings.search_file(provider, wanted.title, wanted.year), searched.fetched_at, until)

    def _is_gone(self, provider: Source, show_id: int, asking: Asking, trail: Trail) -> bool:
        """Whether our files say that the catalogue has no such show any more, and that may be relied upon."""
        if asking not in (Asking.EXPIRED, Asking.NOTHING) or self._listings.stamp(provider, show_id) is not None:
            return False
        said = self._listings.found(provider, ExternalId(provider, str(show_id)))
        if said is None or said.show_ids:
            return False
        if asking is not Asking.NOTHING and not freshness.found_is_fresh(said.fetched_at, self._now()):
            return False
        self._note_gone(provider, said, trail)
        return True

    def _note_gone(self, provider: Source, said: Found, trail: Trail) -> None:
        """Where another id led to the show, that this one leads nowhere holds as long as that."""
        until = freshness.found_until(said.fetched_at, found=True)
        trail.answer(self._listings.found_file(provider, said.outside), said.fetched_at, until)

    def listing(
        self, provider: Source, show_id: int, asking: Asking, order: str = AIRED, *, trail: Trail
    ) -> Listed | None:
        """The show in that order; None when only our own files may be read and it isn't there.

        Raises NotListed when the catalogue says that there is no such show, which is forgotten then, or no such order.
        """
        try:
            listed = self._listed(provider, show_id, asking, order)
        except NotListed:
            if order == AIRED:
                self._note_gone(provider, self._gone(provider, show_id), trail)
            else:
                trail.answer("", self._now(), freshness.found_until(self._now(), found=False))
            raise
        if listed is not None:
            trail.listing(listed.listing, listed.stamp)
        return listed

    def _listed(self, provider: Source, show_id: int, asking: Asking, order: str) -> Listed | None:
        catalogue = self._catalogues.get(provider)
        key = (provider, show_id, order)
        stamp = self._listings.stamp(*key)
        if asking is Asking.NOTHING or catalogue is None:
            kept = self._listings.load(*key)
            return Listed(kept, False, stamp) if kept and freshness.may_be_kept(kept, self._now()) else None
        kept = self._listings.load(*key) if asking is Asking.EXPIRED else None
        if kept is not None and key not in self._shows_asked and freshness.is_fresh(kept, self._now()):
            return Listed(kept, False, stamp)

        def ask() -> Listed:
            try:
                listing = catalogue.show(show_id, asking.how, order)
            except NotListed as error:
                log.info("%s: %s", provider, error)
                if order == AIRED:
                    self._listings.drop(provider, show_id)
                    self._listings.save_found(provider, self._gone(provider, show_id))
                raise
            if self._listings.stamp(*key) != stamp:
                newer = self._listings.load(*key)
                if newer is not None and newer.fetched_at > listing.fetched_at:
                    return Listed(newer, True, self._listings.stamp(*key))
            self._listings.save(listing)
            return Listed(listing, True, self._listings.stamp(*key))

        return self._shows_asked.answer(key, ask)

    def _gone(self, provider: Source, show_id: int) -> Found:
        """As it is kept that the catalogue has no such show."""
        return Found(ExternalId(provider, str(show_id)), (), self._now())


def search_for(wanted: search.Sought, ask: Callable[[str, int | None], Hits]) -> Hits:
    """What `ask` offers for a title and a year. Asked without a year first, because years are hard filters; with one
    only where that gave none that fits, and not all there is."""
    hits = ask(wanted.title, None)
    if wanted.year is None or not hits.more or any(search.fits(wanted, each) for each in hits.candidates):
        return hits
    found = list(hits.candidates)
    for year in (wanted.year, wanted.year - 1, wanted.year + 1):
        found += ask(wanted.title, year).candidates
        if any(search.is_exact(wanted, each) for each in found):
            break
    return Hits(tuple(dict.fromkeys(found)), more=True)
