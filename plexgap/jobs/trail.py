"""Notes what the answers about one title rest on, while it is looked up and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from plexgap.domain.catalogue import Listing
from plexgap.domain.grounds import Ground, ListingKey
from plexgap.domain.ids import Source
from plexgap.gaps import freshness
from plexgap.store.cache import Listings


class Trail:
    """The answers that one title's check rests on. Used by one thread at a time.

    `sources`: the catalogues that could be asked. `is_whole`: nothing else was asked about the title.
    """

    def __init__(self, listings: Listings, now: Callable[[], datetime]) -> None:
        self._listings = listings
        self._now = now
        self._grounds: dict[str, Ground] = {}
        self.sources: tuple[Source, ...] = ()
        self.is_whole = True

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return tuple(self._grounds.values())

    @property
    def fresh_until(self) -> datetime | None:
        """Until when all of them hold; None: that can't be said. Where nothing was asked, as long as any answer may."""
        if not self.is_whole:
            return None
        return min((ground.until for ground in self.grounds), default=self._now() + freshness.ARCHIVED)

    def listing(self, listing: Listing, stamp: int | None) -> None:
        """A listing; `stamp`: of its file when it was read or written."""
        key = ListingKey(listing.provider, listing.show_id, listing.order)
        until = freshness.fresh_until(listing)
        self._add(Ground(self._listings.listing_file(*key), stamp, listing.fetched_at, until, key))

    def answer(self, file: str, said_at: datetime, until: datetime) -> None:
        """The answer to an id or a title, as it is kept in that file now; "": nowhere."""
        self._add(Ground(file, self._listings.stamp_of(file), said_at, until))

    def film(self, file: str, stamp: int | None, said_at: datetime) -> None:
        """What TMDB said of a film by itself."""
        self._add(Ground(file, stamp, said_at, freshness.film_until(said_at)))

    def absorb(self, grounds: Iterable[Ground]) -> None:
        """What another title rests on that is judged together with this one."""
        for ground in grounds:
            self._grounds.setdefault(ground.file, ground)

    def nothing_is_fresh(self) -> bool:
        """Whether all that was said about the title was said within a day, so that "there is none" still holds."""
        now = self._now()
        return all(freshness.found_is_fresh(ground.said_at, now, found=False) for ground in self.grounds)

    def nothing_was_found(self) -> None:
        """From all of it follows that there is none: that holds a day."""
        for file, ground in self._grounds.items():
            until = min(ground.until, freshness.found_until(ground.said_at, found=False))
            self._grounds[file] = Ground(file, ground.stamp, ground.said_at, until, ground.listing)

    def _add(self, ground: Ground) -> None:
        """A moment that lies ahead (the clock was set back) holds no longer."""
        if ground.said_at > self._now():
            ground = Ground(ground.file, ground.stamp, ground.said_at, self._now(), ground.listing)
        self._grounds[ground.file] = ground
