"""From a title to its listing: which ids are tried, when its name is searched for, which answers are taken from our own
files, which are asked.

Source: design/matching.md 1, design/gaps.md 8.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import Enum, auto
from threading import Lock
from typing import TypeVar

from plexgap.domain.catalogue import Ask, Candidate, Catalogue, Hits, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed
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
    `candidates`: what there is to choose from, best first."""

    reason: str
    candidates: tuple[Candidate, ...] = ()


class Lookup:
    """Finds the listings of titles for one run. Safe to use from several threads; asks for each show once."""

    def __init__(self, parts: Parts, catalogue: Catalogue | None) -> None:
        self._listings = parts.listings
        self._now = parts.now
        self._catalogue = catalogue
        self._lock = Lock()
        self._shows_asked: dict[tuple[Source, int], Future[Listed]] = {}
        self._ids_asked: dict[tuple[Source, ExternalId], Future[tuple[int, ...]]] = {}
        self._titles_asked: dict[tuple[Source, search.Sought], Future[Hits]] = {}

    def of(
        self, title: match.Title, override: Override | None, asking: Asking, provider: Source = Source.TMDB
    ) -> Listed | NoTitle | None:
        """The listing, or why there is none; None when only our own files may be read and they don't say.

        Raises SourceError when the catalogue gave no answer: nothing is searched for then. A 404 falls through to the
        next id, and after the last one to a search for the title.
        """
        if override is not None:
            return self._chosen(override, asking, provider)
        found = self._found(title, asking, provider)
        if isinstance(found, NoTitle) and asking is Asking.EXPIRED:
            # Before a person is asked, so is the catalogue about what our files say it doesn't have.
            found = self._found(title, Asking.ANEW, provider)
        return found

    def _found(self, title: match.Title, asking: Asking, provider: Source) -> Listed | NoTitle | None:
        tried = 0
        for outside in match.ids_to_try(title):
            shows = self._shows(outside, asking, provider)
            if shows is None:
                return None
            for show_id in shows:
                tried += 1
                if self._is_gone(provider, show_id, asking):
                    continue
                try:
                    return self._listing(provider, show_id, asking)
                except NotListed:
                    continue
        return self._by_title(title, _why_none(title, tried, provider), asking, provider)

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
            return NoTitle(f"{why}, and {_why_unclear(wanted, choice, provider)}.", choice.candidates)
        try:
            listed = self._listing(provider, choice.show.show_id, asking)
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
        catalogue = self._catalogue
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
                self._listings.save_found(provider, Found(ExternalId(provider, str(show_id)), (), self._now()))
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
