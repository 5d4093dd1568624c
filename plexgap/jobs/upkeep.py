"""Which titles a scan has nothing to do for, because nothing of them moved and every answer still holds; and why it
looks at each other one.

Source: design/gaps.md 8. Reads no listing: the stored check says what it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from plexgap.domain.catalogue import GROUP
from plexgap.domain.decisions import Decisions
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import freshness, match
from plexgap.jobs import judging
from plexgap.jobs.parts import Parts
from plexgap.store.index import StoredCheck


class Why(StrEnum):
    """Why a title is looked at."""

    NEW = "new"
    CHANGED = "changed"
    UNKNOWN = "unknown at the last check"
    DUE = "an episode is due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored check that says of its facts what would be said again: `title` is what was judged together, `titles`
    as Plex tells them apart."""

    stored: StoredCheck
    title: match.Title
    titles: tuple[match.Title, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """`kept`: nothing need be done. `aged`: nothing moved, and the listings are only too old: the catalogue may say of
    many at once whether it changed them. `rest`: each must be looked at."""

    kept: tuple[Kept, ...]
    aged: tuple[Kept, ...]
    rest: tuple[tuple[match.Title, Why], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before anything is looked at. `stored`: the checks by the rating keys of their items; `sources`:
    the catalogues that may be asked; `sparing`: complete archived titles are not asked about (refresh cached)."""

    parts: Parts
    stored: Mapping[str, StoredCheck]
    decisions: Decisions
    sources: tuple[Source, ...]
    sparing: bool

    def sift(self, titles: Iterable[match.Title]) -> Sifted:
        """Titles that were judged together are kept together, or each is looked at."""
        together: dict[str, list[match.Title]] = {}
        rest: list[tuple[match.Title, Why]] = []
        for title in titles:
            stored = self._stored(title)
            if stored is None:
                rest.append((title, Why.NEW))
            else:
                together.setdefault(stored.check.title_id, []).append(title)
        kept, aged = [], []
        for apart in together.values():
            stored = self._stored(apart[0])
            assert stored is not None  # or they were new
            joined = _joined(apart)
            one = Kept(stored, joined, tuple(apart))
            why = self._why(stored, joined)
            if why is None:
                kept.append(one)
            elif why is Why.EXPIRED and self._may_be_renewed(stored):
                aged.append(one)
            else:
                rest += [(title, why) for title in apart]
        return Sifted(tuple(kept), tuple(aged), tuple(rest))

    def _why(self, stored: StoredCheck, title: match.Title) -> Why | None:
        """None: nothing moved, and all still holds."""
        now, stamps = self.parts.now(), stored.stamps
        if stored.check.outcome is Outcome.UNKNOWN:
            return Why.UNKNOWN
        if stamps.judged_until is not None and now >= stamps.judged_until:
            return Why.DUE
        if not judging.is_current(stored, title, self.parts, self.decisions) or self._moved(stored, title):
            return Why.CHANGED
        if self.sparing and not worth_refreshing(stored.check):
            return None
        if stored.check.tried_at <= now < (stamps.fresh_until or now):
            return None
        return Why.DUE if _is_due(stored.check, now) else Why.EXPIRED

    def _moved(self, stored: StoredCheck, title: match.Title) -> bool:
        """Whether it was made from other things than there are now, or from answers that we have no more: an emptied
        cache is asked for again."""
        stamps, listings = stored.stamps, self.parts.listings
        return (
            stamps.fresh_until is None
            or stamps.basis != judging.basis(title, self.sources)
            or any(
                ground.stamp is None or listings.stamp_of(ground.file) != ground.stamp
                for ground in stamps.grounds
                if ground.file
            )
        )

    def _may_be_renewed(self, stored: StoredCheck) -> bool:
        """Whether nothing is too old but listings, each of which its catalogue's list of changes speaks of: TMDB's
        does of a show, and not of its episode groups."""
        now = self.parts.now()
        grounds = stored.stamps.grounds
        old = [ground for ground in grounds if ground.until <= now]
        return (
            bool(old)
            and stored.check.tried_at <= now
            and all(ground.listing is not None for ground in old)
            and not any(ground.listing is not None and ground.listing.order.startswith(GROUP) for ground in grounds)
        )

    def _stored(self, title: match.Title) -> StoredCheck | None:
        return next((self.stored[key] for key in title.rating_keys if key in self.stored), None)


def worth_refreshing(check: Check) -> bool:
    """Refresh cached asks for ongoing shows, and for those that lack something or were not judged."""
    regular = any(not episode.number.is_special for episode in check.absent)
    return regular or check.outcome is not Outcome.JUDGED or not freshness.is_archived(check.status)


def _is_due(check: Check, now: datetime) -> bool:
    return freshness.is_due((day for season in check.seasons for day in season.days), now)


def _joined(titles: Iterable[match.Title]) -> match.Title:
    items = [item for title in titles for item in title.items]
    return match.Title(tuple(sorted(items, key=match.item_order)))
