"""How long an answer of a catalogue holds. The one place that decides it, on our own listing alone.

Source: design/gaps.md 8. HTTP's own cache headers play no part.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

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
NO_FILM = timedelta(hours=24)

# TMDB's terms: nothing is kept longer than six months.
LONGEST = timedelta(days=182)

_ENDED = frozenset({"ended", "canceled", "cancelled"})


def is_archived(status: str) -> bool:
    """Ended or canceled, in any spelling; all else, unknown included, is ongoing. It only sorts."""
    return status.strip().casefold() in _ENDED


def lifetime(listing: Listing, today: date) -> timedelta:
    """How long this listing holds: 6 hours while an episode is due within 3 days either way, else 24 hours;
    30 days for an archived show."""
    days = (episode.air_date for episode in listing.episodes)
    if any(day is not None and abs(day - today) <= DUE_WITHIN for day in days):
        return DUE
    return ARCHIVED if is_archived(listing.status) else ONGOING


def is_fresh(listing: Listing, now: datetime) -> bool:
    """Whether the listing still holds. One from the future (a clock that was set back) does not."""
    age = now - listing.fetched_at
    return timedelta() <= age < lifetime(listing, now.astimezone(UTC).date())


def may_be_kept(listing: Listing, now: datetime) -> bool:
    """Whether the listing may still be shown, with its age, while the catalogue does not answer."""
    return now - listing.fetched_at < LONGEST


def found_is_fresh(fetched_at: datetime, now: datetime) -> bool:
    """Whether an answer to "which show has this id", or "which has this title", still holds."""
    return timedelta() <= now - fetched_at < FOUND


def collection_is_fresh(listing: CollectionListing, now: datetime) -> bool:
    """Whether a collection still holds: 7 days, 24 hours while a part is due within 30 days."""
    today = now.astimezone(UTC).date()
    days = (part.release_date for part in listing.parts)
    is_due = any(day is not None and timedelta() <= day - today <= FILM_DUE_WITHIN for day in days)
    return timedelta() <= now - listing.fetched_at < (FILM_DUE if is_due else FILMS)


def film_is_fresh(fetched_at: datetime, now: datetime) -> bool:
    """Whether what TMDB said of a film by itself still holds, or that it has no such film or collection."""
    return timedelta() <= now - fetched_at < FILMS


def no_film_is_fresh(fetched_at: datetime, now: datetime) -> bool:
    """Whether it still holds that nothing answers to a film's id or title: someone may add it any day."""
    return timedelta() <= now - fetched_at < NO_FILM


def film_may_be_kept(fetched_at: datetime, now: datetime) -> bool:
    """Whether what was said of a film or a collection may still be used, with its age."""
    return now - fetched_at < LONGEST
