"""Takes what a scan has found of each film and each collection, and makes of it what is stored. Asks nothing.

The half of jobs/desk for films. Changes when a scan has more to do with an answer about a film.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from plexgap.domain import events
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed, Rejected, SourceError
from plexgap.domain.events import Event
from plexgap.domain.films import CollectionCheck, CollectionListing, FilmCheck, ListedFilm
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Outcome
from plexgap.gaps import collections, freshness, rules
from plexgap.gaps.film_titles import FilmTitle, mark, own_ids
from plexgap.jobs import selection
from plexgap.jobs.film_lookup import FilmLookup, NoFilm, Placed
from plexgap.jobs.parts import Parts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A collection as it was come by: its listing, or the error in its place (NotListed: TMDB has none such), or
    neither where nothing might be asked and our files don't say. `name`: what the film that led to it called it."""

    collection_id: int
    name: str
    listing: CollectionListing | None = None
    error: NotListed | SourceError | None = None


class FilmDesk:
    """What one run knows of the films in scope. Used by one thread; only what asks by several.

    `again`: which film a title is must be found out again, whatever it was taken for before.
    """

    def __init__(self, parts: Parts, lookup: FilmLookup, titles: tuple[FilmTitle, ...], *, again: bool) -> None:
        self._parts = parts
        self._lookup = lookup
        self.titles = titles
        self._again = again
        self._decisions = parts.decisions.load()
        self._films_before = parts.index.film_checks()
        self.before = {check.collection_id: check for check in parts.index.collection_checks()}
        self._overrides = {id(title): self._override(title) for title in titles}
        self._marks = {item.rating_key: mark(item, self._chosen(title)) for title in titles for item in title.items}
        self._previous = {id(title): self._stored(title) for title in titles}
        self._known = {id(title): self._known_ids(title) for title in titles}
        self._made: dict[int, tuple[FilmCheck, ...]] = {}
        self._placed: dict[int, Placed | NoFilm | SourceError] = {}
        self._fetched: dict[int, Fetched] = {}
        self._listings: dict[int, CollectionListing] = {}
        self._listed_in: dict[int, set[int]] = {}

    # What was known before

    def override(self, title: FilmTitle) -> Override | None:
        """The person's word on which film it is."""
        return self._overrides[id(title)]

    def previous(self, title: FilmTitle) -> FilmCheck | None:
        """Its last check, if that was made from the same ids, title and word of the person."""
        return self._previous[id(title)]

    def begun(self) -> dict[int, str]:
        """Collections that are known to have a film of these, by number, with their names."""
        own = {film_id for known in self._known.values() for film_id in known}
        found = {
            check.collection_id: check.name
            for check in self.before.values()
            if check.listing is not None and any(part.film_id in own for part in check.listing.parts)
        }
        for title in self.titles:
            before = self.previous(title)
            if before is not None and before.collection_id is not None and before.collection_id not in found:
                known = self.before.get(before.collection_id)
                found[before.collection_id] = known.name if known is not None else ""
        return found

    # What is found

    def is_listed(self, film_id: int) -> bool:
        """Whether a collection that is known by now lists the film."""
        return film_id in self._listed_in

    def is_fetched(self, collection_id: int) -> bool:
        """Whether the collection was come by, or was tried to."""
        return collection_id in self._fetched

    def is_settled(self, title: FilmTitle) -> bool:
        """Whether nothing need be asked about it any more: it is placed, or a known collection lists the film it is."""
        return id(title) in self._placed or any(map(self.is_listed, self._known[id(title)]))

    def still_holds(self, title: FilmTitle) -> bool:
        """Whether nothing of it moved since its check, and all that was said of it holds: it need not be asked for."""
        now, listings = self._parts.now(), self._parts.listings
        checks = [self._films_before.get(key) for key in title.rating_keys]
        return all(
            check is not None
            and check.mark == self._marks[check.rating_key]
            and check.outcome is not Outcome.UNKNOWN
            and check.tried_at <= now < (check.fresh_until or now)
            and all(ground.stamp and ground.stamp == listings.stamp_of(ground.file) for ground in check.grounds)
            for check in checks
        )

    def stored(self, number: int, name: str, *, of_any_age: bool) -> Fetched | None:
        """A collection as its check has it, or that it is gone, where that is still what its file says; else None."""
        before, now = self.before.get(number), self._parts.now()
        if before is None or before.outcome is not Outcome.JUDGED or before.stamp is None:
            return None
        if before.stamp != self._parts.listings.films.collection_stamp(number):
            return None
        if before.is_gone:
            is_fresh = freshness.film_is_fresh(before.tried_at, now)
            gone = NotListed(Source.TMDB.label, f"the collection with number {number}")
            return Fetched(number, name, error=gone) if is_fresh or of_any_age else None
        if before.listing is None:
            return None
        is_usable = of_any_age and freshness.film_may_be_kept(before.listing.fetched_at, now)
        is_fresh = is_usable or freshness.collection_is_fresh(before.listing, now)
        return Fetched(number, name, before.listing) if is_fresh else None

    def take(self, fetched: Fetched) -> Iterator[Event]:
        """A collection. One that failed keeps its last good listing."""
        if isinstance(fetched.error, Rejected):
            raise fetched.error
        number, listing = fetched.collection_id, fetched.listing
        known = self._fetched.get(number)
        if known is not None and known.error is fetched.error and known.listing == listing:
            return
        self._made.clear()
        self._fetched[number] = fetched
        if isinstance(fetched.error, SourceError):
            log.warning("the collection %s (%s) is unknown: %s", fetched.name, number, fetched.error)
            yield events.Warning("collection", fetched.name, fetched.error.advice, str(number))
        if listing is None and not isinstance(fetched.error, NotListed):
            listing = self.last_good(number)
        before = self._listings.pop(number, None)
        for part in before.parts if before is not None else ():
            self._listed_in[part.film_id].discard(number)
            if not self._listed_in[part.film_id]:
                del self._listed_in[part.film_id]
        if listing is not None:
            self._listings[number] = listing
            for part in listing.parts:
                self._listed_in.setdefault(part.film_id, set()).add(number)

    def place(self, title: FilmTitle, found: Placed | NoFilm | SourceError | None) -> None:
        """Which film the title is. None: nothing might be asked, and our files don't say; what was said stands."""
        if isinstance(found, Rejected):
            raise found
        if found is not None:
            self._made.clear()
            self._placed[id(title)] = found

    def outdated(self) -> tuple[tuple[int, str], ...]:
        """Collections that were not asked for and list a film that a newer answer says is of another one."""
        found: dict[int, str] = {}
        for numbers in self._listed_in.values():
            if len(numbers) < 2:
                continue
            newest = max(self._listings[number].fetched_at for number in numbers)
            for number in numbers:
                listing = self._listings[number]
                if listing.fetched_at < newest and not self._lookup.asked_for(number):
                    found[number] = listing.name
        return tuple(sorted(found.items()))

    def wanting_details(self) -> tuple[int, ...]:
        """Films that are missing, of which the IMDb id is not known, and where a least length is set, absent ones whose
        length is not; in order of number."""
        settings, held, now = self._parts.settings, self._held(), self._parts.now()
        filters, standings = selection.film_filters(settings), selection.standing_rules(settings)
        ignored = collections.IgnoredFilms(self._decisions, now)
        wanted: set[int] = set()
        lengths = self._lengths()
        for number in self._of_held(held):
            listing = self._listings.get(number)
            if listing is None:
                continue
            told = self._told(listing, held)
            if filters.min_runtime_min:
                lacking = (part for part in told.parts if part.film_id not in held and not part.runtime_min)
                wanted.update(part.film_id for part in collections.counting(lacking, filters, {}))
            judged = collections.judge(told, held, filters, standings, ignored, now, lengths)
            if judged.is_begun:
                wanted.update(film.film_id for film in judged.missing if film.imdb_id is None)
        return tuple(sorted(wanted))

    # What is stored

    def checks(self) -> tuple[tuple[FilmCheck, ...], tuple[CollectionCheck, ...]]:
        """What is to be stored, as far as it differs from what is."""
        films = tuple(check for title in self.titles for check in self._film_checks(title) if self._differs(check))
        held = self._held()
        found = (self._collection_check(number, held) for number in self._of_held(held) if number in self._fetched)
        return films, tuple(check for check in found if not _is_same(check, self.before.get(check.collection_id)))

    def changes(self, checks: Iterable[CollectionCheck]) -> Iterator[Event]:
        """What these say otherwise than those before them."""
        for check in checks:
            before = self.before.get(check.collection_id)
            detail = _difference(before, check)
            if detail:
                yield events.Change("updated", "collection", check.name, detail=detail)

    def unknown(self) -> tuple[tuple[FilmTitle, str], ...]:
        """Films of which nobody knows which they are because a lookup failed, each with what to tell of it."""
        checks = ((title, self._film_checks(title)[:1]) for title in self.titles)
        return tuple((title, c.reason) for title, some in checks for c in some if c.outcome is Outcome.UNKNOWN)

    def unknown_collections(self) -> tuple[int, ...]:
        """Collections whose lookup failed in this run."""
        return tuple(number for number, one in self._fetched.items() if isinstance(one.error, SourceError))

    def _film_checks(self, title: FilmTitle) -> tuple[FilmCheck, ...]:
        """One for each item; those that stand where nothing was found out."""
        made = self._made.get(id(title))
        if made is None:
            made = self._made[id(title)] = self._make(title)
        return made

    def _make(self, title: FilmTitle) -> tuple[FilmCheck, ...]:
        found = self._placed.get(id(title))
        known = next(filter(self.is_listed, self._known[id(title)]), None)
        if known is not None and not isinstance(found, Placed):
            # A collection lists it: whatever else was asked about it, and failed, doesn't matter.
            found = Placed(known, None)
        if found is None:
            return tuple(self._films_before[key] for key in title.rating_keys if key in self._films_before)
        said = self._said(found, self.previous(title))
        return tuple(replace(said, rating_key=key, mark=self._marks[key]) for key in title.rating_keys)

    def _said(self, found: Placed | NoFilm | SourceError, before: FilmCheck | None) -> FilmCheck:
        """Of no item yet."""
        check = FilmCheck("", "", Outcome.JUDGED, "", None, None, (), None, self._parts.now())
        if not isinstance(found, SourceError) and found.trail is not None:
            check = replace(check, grounds=found.trail.grounds, fresh_until=found.trail.fresh_until)
        if isinstance(found, NoFilm):
            return replace(check, outcome=Outcome.NEEDS_MAPPING, reason=found.reason, candidates=found.candidates)
        if isinstance(found, SourceError):
            unknown = replace(check, outcome=Outcome.UNKNOWN, reason=found.advice)
            if before is None:
                return unknown
            return replace(
                unknown,
                film_id=before.film_id,
                collection_id=before.collection_id,
                checked_at=before.checked_at,
            )
        of = max(
            (self._listings[number] for number in self._listed_in.get(found.film_id, ())),
            key=lambda listing: (listing.fetched_at, listing.collection_id),
            default=None,
        )
        if found.facts is not None and (of is None or of.collection_id != found.facts.collection_id):
            collection_id, checked_at = found.facts.collection_id, found.facts.fetched_at
        else:
            # It rests on the collection, whatever else was asked to find that.
            check = replace(check, grounds=(), fresh_until=None)
            collection_id = of.collection_id if of is not None else None
            checked_at = of.fetched_at if of is not None else check.tried_at
        reason = found.by_title or (before.reason if before is not None and before.outcome is Outcome.JUDGED else "")
        return replace(check, reason=reason, film_id=found.film_id, collection_id=collection_id, checked_at=checked_at)

    def _collection_check(self, number: int, held: frozenset[int]) -> CollectionCheck:
        fetched, listing, before = self._fetched[number], self._listings.get(number), self.before.get(number)
        told = self._told(listing, held) if listing is not None else None
        failed = isinstance(fetched.error, SourceError)
        return CollectionCheck(
            collection_id=number,
            name=(told.name if told is not None else "") or fetched.name or (before.name if before else ""),
            outcome=Outcome.UNKNOWN if failed else Outcome.JUDGED,
            reason=fetched.error.advice if fetched.error is not None and failed else "",
            listing=told,
            tried_at=self._parts.now(),
            is_gone=isinstance(fetched.error, NotListed),
            absent=tuple(part.film_id for part in told.parts if part.film_id not in held) if told else (),
            stamp=self._parts.listings.films.collection_stamp(number),
        )

    def _told(self, listing: CollectionListing, held: frozenset[int]) -> CollectionListing:
        """The listing with what is known of its absent parts beside it."""
        return replace(
            listing,
            parts=tuple(_plain(part) if part.film_id in held else self._with_details(part) for part in listing.parts),
        )

    def _with_details(self, part: ListedFilm) -> ListedFilm:
        if part.imdb_id is not None:
            return part  # as its check has it
        facts = self._lookup.kept_details(part.film_id)
        return part if facts is None else replace(part, imdb_id=facts.imdb_id, runtime_min=facts.runtime_min)

    def _held(self) -> frozenset[int]:
        """The films that the titles are; of one that was not looked at yet, what its own ids say."""
        found: set[int | None] = set()
        for title in self.titles:
            checks = self._film_checks(title)
            found.update((checks[0].film_id,) if checks else self._known[id(title)][:1])
        return frozenset(film_id for film_id in found if film_id is not None)

    def _of_held(self, held: frozenset[int]) -> tuple[int, ...]:
        """The collections that list one of these, or that one of them names."""
        found = {number for film_id in held for number in self._listed_in.get(film_id, ())}
        named = (check.collection_id for title in self.titles for check in self._film_checks(title)[:1])
        return tuple(sorted(found.union(number for number in named if number is not None)))

    def _lengths(self) -> Mapping[int, int | None]:
        """Minutes of held films, by Plex's word."""
        return {
            check.film_id: item.duration_ms // 60_000
            for title in self.titles
            for check, item in zip(self._film_checks(title), title.items, strict=False)
            if check.film_id is not None and item.duration_ms
        }

    def _known_ids(self, title: FilmTitle) -> tuple[int, ...]:
        """The films that the title may be taken for without a question: what the person says, else its own ids, and
        what it was taken for before."""
        chosen = self._chosen(title)
        if chosen is not None:
            return (chosen,)
        own, before = own_ids(title.ids), self.previous(title)
        if self._again or before is None or before.film_id is None or before.outcome is not Outcome.JUDGED:
            return own
        return own if before.film_id in own else (before.film_id, *own)

    def _stored(self, title: FilmTitle) -> FilmCheck | None:
        checks = (self._films_before.get(key) for key in title.rating_keys)
        return next((one for one in checks if one is not None and one.mark == self._marks[one.rating_key]), None)

    def _chosen(self, title: FilmTitle) -> int | None:
        override = self.override(title)
        return override.tmdb_id if override is not None else None

    def _override(self, title: FilmTitle) -> Override | None:
        return rules.film_override(self._decisions, title.items) if self._decisions.overrides else None

    def last_good(self, number: int) -> CollectionListing | None:
        """What TMDB last said of a collection, as far as it may still be used."""
        kept = self._lookup.kept_collection(number)
        before = self.before.get(number)
        stored = before.listing if before is not None else None
        if kept is not None:
            return kept
        is_usable = stored is not None and freshness.film_may_be_kept(stored.fetched_at, self._parts.now())
        return stored if is_usable else None

    def _differs(self, check: FilmCheck) -> bool:
        before = self._films_before.get(check.rating_key)
        return before is None or replace(before, tried_at=check.tried_at) != check


def _plain(part: ListedFilm) -> ListedFilm:
    """As a collection's own answer has it."""
    return part if part.imdb_id is None and part.runtime_min is None else replace(part, imdb_id=None, runtime_min=None)


def _is_same(check: CollectionCheck, before: CollectionCheck | None) -> bool:
    return before is not None and replace(before, tried_at=check.tried_at) == check


def _difference(before: CollectionCheck | None, after: CollectionCheck) -> str:
    """What a check changed in what is absent, in words; "" when nothing did or when it is the first."""
    if before is None or before.listing is None or after.listing is None or after.outcome is not Outcome.JUDGED:
        return ""
    was, now = set(before.absent), set(after.absent)
    return f"{len(was - now)} filled, {len(now - was)} new, {len(now)} absent" if was != now else ""
