"""From a title to its listing: which ids are tried, when its name is searched for, which answers are taken from our own
files, which are asked.

Source: design/matching.md 1, design/gaps.md 8.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
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
from plexgap.jobs.parts import Parts
from plexgap.store.cache import Found, Searched

log = logging.getLogger(__name__)

_FEW = ("no", "one", "two", "three", "four", "five")

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
    """The listing of a title. `asked`: it was asked for in this run; `stamp`: of its file then (Listings.stamp).
    `by_title`: that a search found it and why it was searched for, in whole sentences; "" where an id led to it."""

    listing: Listing
    asked: bool
    stamp: int | None
    by_title: str = ""


@dataclass(frozen=True, slots=True)
class NoTitle:
    """Neither an id nor its name leads anywhere: the person must say which it is. `reason` is one sentence;
    `candidates`: what there is to choose from, best first. `fitting`: how many of them it may well be."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    fitting: int = 0


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
        self._shows_asked: dict[tuple[Source, int, str], Future[Listed]] = {}
        self._ids_asked: dict[tuple[Source, ExternalId], Future[tuple[int, ...]]] = {}
        self._titles_asked: dict[tuple[Source, search.Sought], Future[Hits]] = {}

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
        if override is not None and override.names_show:
            return self._chosen(override, asking)
        found = self._found(title, asking)
        if isinstance(found, NoTitle) and asking is Asking.EXPIRED:
            # Before a person is asked, so is the catalogue about what our files say it doesn't have.
            found = self._found(title, Asking.ANEW)
        return found

    def _found(self, title: match.Title, asking: Asking) -> Listed | NoTitle | None:
        tried: dict[Source, int] = {}
        for provider in self._sources:
            found = self._unless_refused(provider, partial(self.by_ids, match.ids_to_try(title, provider), asking))
            if not isinstance(found, int):
                return found
            tried[provider] = found
        nothing = None
        for provider in self._sources:
            why = _why_none(title, tried.get(provider, 0), provider)
            named = self._unless_refused(provider, partial(self._by_title, title, why, asking))
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

    def by_ids(self, ids: Iterable[ExternalId], asking: Asking, provider: Source) -> Listed | int | None:
        """The listing in aired order of the first of these ids that answers, else how many shows were tried; None when
        only our own files may be read and they don't say."""
        tried = 0
        for outside in ids:
            shows = self._shows(outside, asking, provider)
            if shows is None:
                return None
            for show_id in shows:
                tried += 1
                if self._is_gone(provider, show_id, asking):
                    continue
                try:
                    return self.listing(provider, show_id, asking)
                except NotListed:
                    continue
        return tried

    def _chosen(self, override: Override, asking: Asking) -> Listed | NoTitle | None:
        provider = Source.TMDB if override.tmdb_id is not None else Source.TVDB
        show_id = override.tmdb_id or override.tvdb_id or 0
        if provider not in self._sources:
            return NoTitle(
                f"You chose a show of {provider.label} for it, and there is no {provider.label} key that works."
            )
        try:
            return self.listing(provider, show_id, asking)
        except NotListed:
            return NoTitle(f"{provider.label} no longer lists the show you chose for it (number {show_id}).")

    def known_orders(self, listing: Listing, asking: Asking) -> tuple[KnownOrder, ...] | None:
        """The catalogue's orders of a show beside the aired one, kept with its listing; None when only our own files
        may be read and they don't say."""
        if listing.orders is not None:
            return listing.orders
        catalogue = self._catalogues.get(listing.provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None
        orders = catalogue.orders(listing.show_id, _ask(asking))
        kept = self._listings.load(listing.provider, listing.show_id)
        if kept is not None and kept.fetched_at == listing.fetched_at:
            self._listings.save(replace(kept, orders=orders))
        return orders

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
        catalogue = self._catalogues.get(provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> tuple[int, ...]:
            shows = catalogue.find(outside, _ask(asking))
            self._listings.save_found(provider, Found(outside, shows, self._now()))
            return shows

        return self._once(self._ids_asked, (provider, outside), ask)

    def _by_title(self, title: match.Title, why: str, asking: Asking, provider: Source) -> Listed | NoTitle | None:
        """What a search finds. `why`: why it is needed, the beginning of a sentence."""
        wanted = search.sought(title.name, title.year)
        if not search.says_enough(wanted, (item.guid for item in title.items)):
            return NoTitle(f"{why}, and its name alone says too little.")
        hits = self._hits(wanted, asking, provider)
        if hits is None:
            return None
        choice = search.choose(wanted, hits.candidates, more=hits.more)
        if choice.show is None:
            reason = f"{why}, and {_why_unclear(wanted, choice, provider)}."
            return NoTitle(reason, choice.candidates, choice.fitting)
        try:
            listed = self.listing(provider, choice.show.show_id, asking)
        except NotListed:
            return NoTitle(f"{why}, and {provider.label} no longer lists the series of its name.")
        how = "its title and year" if wanted.year is not None else "its title"
        return replace(listed, by_title=f"Found by {how}. {why}.") if listed is not None else None

    def _hits(self, wanted: search.Sought, asking: Asking, provider: Source) -> Hits | None:
        """What the catalogue offers for a title; None when our files don't say and nothing may be asked."""
        kept = self._listings.searched(provider, wanted.title, wanted.year)
        if kept is not None and (
            asking is Asking.NOTHING
            or (
                asking is Asking.EXPIRED
                and freshness.found_is_fresh(kept.fetched_at, self._now())
                and search.choose(wanted, kept.hits.candidates, more=kept.hits.more).show is not None
            )
        ):
            return kept.hits
        catalogue = self._catalogues.get(provider)
        if asking is Asking.NOTHING or catalogue is None:
            return None

        def ask() -> Hits:
            hits = _search(catalogue, wanted, _ask(asking))
            self._listings.save_searched(provider, Searched(wanted.title, wanted.year, hits, self._now()))
            return hits

        return self._once(self._titles_asked, (provider, wanted), ask)

    def _is_gone(self, provider: Source, show_id: int, asking: Asking) -> bool:
        """Whether our files say that the catalogue has no such show any more, and that may be relied upon."""
        if asking not in (Asking.EXPIRED, Asking.NOTHING) or self._listings.stamp(provider, show_id) is not None:
            return False
        said = self._listings.found(provider, ExternalId(provider, str(show_id)))
        return (
            said is not None
            and not said.show_ids
            and (asking is Asking.NOTHING or freshness.found_is_fresh(said.fetched_at, self._now()))
        )

    def listing(self, provider: Source, show_id: int, asking: Asking, order: str = AIRED) -> Listed | None:
        """The show in that order; None when only our own files may be read and it isn't there.

        Raises NotListed when the catalogue says that there is no such show, which is forgotten then, or no such order.
        """
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
                listing = catalogue.show(show_id, _ask(asking), order)
            except NotListed as error:
                log.info("%s: %s", provider, error)
                if order == AIRED:
                    self._listings.drop(provider, show_id)
                    self._listings.save_found(provider, Found(ExternalId(provider, str(show_id)), (), self._now()))
                raise
            if self._listings.stamp(*key) != stamp:
                newer = self._listings.load(*key)
                if newer is not None and newer.fetched_at > listing.fetched_at:
                    return Listed(newer, True, self._listings.stamp(*key))
            self._listings.save(listing)
            return Listed(listing, True, self._listings.stamp(*key))

        return self._once(self._shows_asked, key, ask)

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


def _search(catalogue: Catalogue, wanted: search.Sought, ask: Ask) -> Hits:
    """Asked without a year first, because years are hard filters; with one only where that gave none that fits, and
    not all there is."""
    hits = catalogue.search(wanted.title, ask=ask)
    if wanted.year is None or not hits.more or any(search.fits(wanted, each) for each in hits.candidates):
        return hits
    found = list(hits.candidates)
    for year in (wanted.year, wanted.year - 1, wanted.year + 1):
        found += catalogue.search(wanted.title, year, ask).candidates
        if any(search.is_exact(wanted, each) for each in found):
            break
    return Hits(tuple(dict.fromkeys(found)), more=True)


def _why_none(title: match.Title, tried: int, provider: Source) -> str:
    """The beginning of a sentence."""
    if not title.ids:
        return "Plex knows no id for it"
    if tried:
        return f"{provider.label} no longer lists the show of its id"
    return f"{provider.label} knows none of the ids that Plex gives for it"


def _why_unclear(wanted: search.Sought, choice: search.Choice, provider: Source) -> str:
    """The end of a sentence."""
    what = "name" if wanted.year is None else "name and year"
    if choice.fitting > 1:
        many = _FEW[choice.fitting] if choice.fitting < len(_FEW) else str(choice.fitting)
        return f"{many} series fit its {what}"
    if choice.fitting:
        return "without a year it can't be told from others of such a name"
    return f"no series fits its {what}" if choice.candidates else f"{provider.label} knows no series of its name"
