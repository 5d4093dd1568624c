"""How long an answer of a catalogue holds. The one place that decides it, on our own listing alone.

Source: design/gaps.md 8. HTTP's own cache headers play no part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from plexgap.domain.catalogue import Listing
from plexgap.domain.films import CollectionListing

ARCHIVED = timedelta(days=30)
ONGOING = timedelta(hours=24)
DUE = timedelta(hours=6)
FOUND = timedelta(days=30)
DUE_WITHIN = timedelta(days=3)
FILMS = timedelta(days=7)
FILM_DUE = timedelta(hours=24)
FILM_DUE_WITHIN = timedelta(days=30)
NOTHING = timedelta(hours=24)

# TMDB's terms: nothing is kept longer than six months.
LONGEST = timedelta(days=182)

_ENDED = frozenset({"ended", "canceled", "cancelled"})


def is_archived(status: str) -> bool:
    """Ended or canceled, in any spelling; all else, unknown included, is ongoing. It only sorts."""
    return status.strip().casefold() in _ENDED


def fresh_until(listing: Listing) -> datetime:
    """The first moment at which the listing no longer holds: 24 hours after it was fetched, 30 days for an archived
    show; but only 6 hours while an episode is due within 3 days either way, which may begin later than the fetch."""
    until = listing.fetched_at + (ARCHIVED if is_archived(listing.status) else ONGOING)
    days = (episode.air_date for episode in listing.episodes)
    return _asked_around(days, listing.fetched_at, until, DUE, DUE_WITHIN, DUE_WITHIN)


def _asked_around(
    days: Iterable[date | None],
    fetched: datetime,
    until: datetime,
    each: timedelta,
    before: timedelta,
    after: timedelta,
) -> datetime:
    """`until`, or the first moment before it at which an answer is older than `each` while one of these days is near:
    so many days of UTC before it or after it."""
    soonest = fetched + each
    first, last = soonest.astimezone(UTC).date() - after, until.astimezone(UTC).date() + before
    for day in days:
        if day is not None and first <= day <= last:
            until = min(until, max(datetime.combine(day, time(), UTC) - before, soonest))
    return until


def is_due(days: Iterable[int], now: datetime) -> bool:
    """Whether an episode of one of these days (ordinals, 0 for none) is due within 3 days either way."""
    today = now.astimezone(UTC).date().toordinal()
    return any(day and abs(day - today) <= DUE_WITHIN.days for day in days)


def is_fresh(listing: Listing, now: datetime) -> bool:
    """Whether the listing still holds. One from the future (a clock that was set back) does not."""
    return listing.fetched_at <= now < fresh_until(listing)


def renewed_until(listing: Listing, told_at: datetime) -> datetime:
    """Until when a listing holds of which the catalogue said then that nothing of it has changed: as if it had been
    fetched then, but never longer than 30 days after it really was."""
    return min(fresh_until(replace(listing, fetched_at=told_at)), listing.fetched_at + ARCHIVED)


def may_be_kept(listing: Listing, now: datetime) -> bool:
    """Whether the listing may still be shown, with its age, while the catalogue does not answer."""
    return now - listing.fetched_at < LONGEST


def found_until(fetched_at: datetime, *, found: bool) -> datetime:
    """Until when an answer to "which show has this id", or "which has this title", holds; the same of films. That
    there is none holds for 24 hours: someone may add it any day."""
    return fetched_at + (FOUND if found else NOTHING)


def found_is_fresh(fetched_at: datetime, now: datetime, *, found: bool = True) -> bool:
    """Whether such an answer still holds."""
    return fetched_at <= now < found_until(fetched_at, found=found)


def collection_until(listing: CollectionListing) -> datetime:
    """Until when a collection holds: 7 days; 24 hours while a part is due within 30 days, which may begin later."""
    days = (part.release_date for part in listing.parts)
    fetched = listing.fetched_at
    return _asked_around(days, fetched, fetched + FILMS, FILM_DUE, FILM_DUE_WITHIN, timedelta())


def collection_is_fresh(listing: CollectionListing, now: datetime) -> bool:
    """Whether a collection still holds."""
    return listing.fetched_at <= now < collection_until(listing)


def film_until(fetched_at: datetime) -> datetime:
    """Until when it holds what TMDB said of a film by itself, or that it has no such film or collection."""
    return fetched_at + FILMS


def film_is_fresh(fetched_at: datetime, now: datetime) -> bool:
    """Whether that still holds."""
    return fetched_at <= now < film_until(fetched_at)


def film_may_be_kept(fetched_at: datetime, now: datetime) -> bool:
    """Whether what was said of a film or a collection may still be used, with its age."""
    return now - fetched_at < LONGEST
