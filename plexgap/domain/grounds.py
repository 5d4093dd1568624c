"""What a check rests on: answers of catalogues, each with the file it is kept in and how long it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from plexgap.domain.ids import Source


class ListingKey(NamedTuple):
    """A show of a catalogue in one of its orders."""

    provider: Source
    show_id: int
    order: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One answer that a check rests on. `file`: its name below the cache's folder, "" for one that is kept nowhere;
    `stamp`: when that was written (Listings.stamp), None: it wasn't there. `said_at`: when the catalogue said so,
    `until`: how long that holds. `listing`: which one it is; None for the answer to an id or a title."""

    file: str
    stamp: int | None
    said_at: datetime
    until: datetime
    listing: ListingKey | None = None
