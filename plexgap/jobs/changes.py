"""Asks a catalogue once what it has changed, in place of asking for many listings that are only too old.

Source: design/gaps.md 8; reference/tmdb.md 7, tvdb.md 4. It may save requests, and never changes an answer: whatever a
list does not say for sure is asked for by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from plexgap.domain.catalogue import Catalogue, Listing
from plexgap.domain.errors import SourceError
from plexgap.domain.grounds import Ground, ListingKey
from plexgap.domain.ids import Source
from plexgap.gaps import freshness
from plexgap.jobs.parts import Parts, Services
from plexgap.jobs.pool import Pool
from plexgap.jobs.upkeep import Kept
from plexgap.store.index import Renewal

log = logging.getLogger(__name__)

# TMDB changes some 1,800 shows a day, which is 18 pages: for fewer titles a list is not worth its first page.
_WORTH_A_DAY = 20


def may_be_worth_it(aged: Sequence[Kept]) -> bool:
    """Whether so many titles may be worth a list of a day; fewer can be asked for at once."""
    return len(aged) > _WORTH_A_DAY


@dataclass(frozen=True, slots=True)
class _Question:
    """What a catalogue is to say: which shows it changed since then. `many`: how many shows are too old."""

    catalogue: Catalogue
    since: datetime
    many: int

    def is_worth_it(self, now: datetime) -> bool:
        """Whether a list may well be shorter than what it saves."""
        return self.many > _WORTH_A_DAY * ceil((now - self.since) / timedelta(days=1))


@dataclass(frozen=True, slots=True)
class _Told:
    """Its answer, and when it was asked. `changed` None: it can't be told."""

    provider: Source
    at: datetime
    changed: frozenset[int] | None


def renew(aged: Sequence[Kept], parts: Parts, services: Services) -> tuple[Kept, ...]:
    """Those of which the catalogues say that nothing has changed, with checks that hold again; they are stored.
    Raises Cancelled and StoreError; a catalogue that fails has said nothing."""
    told = _asked(aged, parts, services)
    renewed, renewals = [], []
    for kept in aged:
        grounds = _renewed(kept.stored.stamps.grounds, parts, told)
        if grounds is None:
            continue
        stamps = kept.stored.stamps
        fresh_until = min(ground.until for ground in grounds)
        said_at = min(ground.said_at for ground in grounds if ground.listing is not None)
        check = replace(kept.stored.check, checked_at=max(said_at, kept.stored.check.checked_at or said_at))
        stamps = replace(stamps, grounds=grounds, fresh_until=fresh_until)
        renewed.append(replace(kept, stored=replace(kept.stored, check=check, stamps=stamps)))
        renewals.append(Renewal(check.title_id, check.tried_at, check.checked_at or said_at, fresh_until, grounds))
    if renewals:
        parts.index.renew_checks(renewals)
    return tuple(renewed)


def _asked(aged: Sequence[Kept], parts: Parts, services: Services) -> Mapping[Source, _Told]:
    now = parts.now()
    old: dict[Source, dict[int, datetime]] = {}
    for ground in _too_old((ground for kept in aged for ground in kept.stored.stamps.grounds), now):
        key = ground.listing
        if key is not None:
            shows = old.setdefault(key.provider, {})
            shows[key.show_id] = min(ground.said_at, shows.get(key.show_id, ground.said_at))
    questions = [
        _Question(catalogue, min(old[catalogue.provider].values()), len(old[catalogue.provider]))
        for catalogue in services.catalogues
        if catalogue.provider in old
    ]

    def ask(question: _Question) -> _Told:
        at = parts.now()
        catalogue = question.catalogue
        try:
            changed = catalogue.changed(question.since, question.many // 2)
        except SourceError as error:
            log.info("%s did not say what it has changed: %s", catalogue.name, error)
            changed = None
        log.info(
            "%s was asked what it has changed since %s, for %d shows: %s",
            *(catalogue.name, question.since.isoformat(timespec="minutes"), question.many),
            "it can't be told" if changed is None else f"{len(changed)} shows",
        )
        return _Told(catalogue.provider, at, changed)

    worth = [question for question in questions if question.is_worth_it(now)]
    told: dict[Source, _Told] = {}
    with Pool(ask, max(1, len(worth)), services.stop) as pool:
        for done in pool.results(worth):
            if done is not None and done.error is not None:
                raise done.error
            if done is not None and done.result is not None:
                told[done.result.provider] = done.result
    return told


def _renewed(grounds: Sequence[Ground], parts: Parts, told: Mapping[Source, _Told]) -> tuple[Ground, ...] | None:
    """The grounds with the moment at which the catalogue said that they are unchanged; None where it did not say so of
    each that is too old, or where that holds no longer either."""
    now = parts.now()
    found = []
    for ground in grounds:
        again = _again(ground, ground.listing, parts, told) if ground.until <= now else ground
        if again is None or again.until <= now:
            return None
        found.append(again)
    return tuple(found)


def _again(ground: Ground, key: ListingKey | None, parts: Parts, told: Mapping[Source, _Told]) -> Ground | None:
    said = told.get(key.provider) if key is not None else None
    if key is None or said is None or said.changed is None or key.show_id in said.changed:
        return None
    listing = parts.listings.load(*key)
    if listing is None or _is_due(listing, said.at):
        return None
    return replace(ground, said_at=said.at, until=freshness.renewed_until(listing, said.at))


def _is_due(listing: Listing, now: datetime) -> bool:
    """That an air date comes is no change of the catalogue: such a show is asked for by itself."""
    return freshness.is_due((each.air_date.toordinal() for each in listing.episodes if each.air_date), now)


def _too_old(grounds: Iterable[Ground], now: datetime) -> Iterable[Ground]:
    return (ground for ground in grounds if ground.until <= now)
