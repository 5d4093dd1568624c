"""Which title a Plex show is: which of its items belong together, and which ids to ask a catalogue for.

Source: design/matching.md 1. An override of the person stands before everything here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from plexgap.domain.ids import ExternalId, Source, first_id, ids_of
from plexgap.domain.library import ShowItem

# TMDB's own ids need no further question; TVDB's and IMDb's are looked up through /find, in this order.
_ORDER = (Source.TMDB, Source.TVDB, Source.IMDB)


class PlexItem(Protocol):
    """A show or a film of a section, as far as it says which title it is."""

    @property
    def rating_key(self) -> str: ...
    @property
    def guid(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def ids(self) -> frozenset[ExternalId]: ...


ItemT = TypeVar("ItemT", bound=PlexItem)


@dataclass(frozen=True, slots=True)
class Titled(Generic[ItemT]):
    """The Plex items that are one title as far as Plex itself says so, lowest rating key first."""

    items: tuple[ItemT, ...]

    @property
    def rating_keys(self) -> tuple[str, ...]:
        return tuple(item.rating_key for item in self.items)

    @property
    def name(self) -> str:
        return self.items[0].title

    @property
    def year(self) -> int | None:
        return next((item.year for item in self.items if item.year is not None), None)

    @property
    def ids(self) -> frozenset[ExternalId]:
        return frozenset().union(*(item.ids for item in self.items))


class Title(Titled[ShowItem]):
    """A show."""

    __slots__ = ()


def rating_key_order(key: str) -> tuple[int, str]:
    """Sorts rating keys, which are opaque but mostly numbers, as a person would."""
    return (len(key), key)


def item_order(item: PlexItem) -> tuple[int, str]:
    """Sorts items by their rating key."""
    return rating_key_order(item.rating_key)


def ids_to_try(title: Title, provider: Source = Source.TMDB) -> tuple[ExternalId, ...]:
    """Every id of the title in the order they are asked: the catalogue's own first, all of one source before the
    next."""
    order = (provider, *(source for source in _ORDER if source is not provider))
    return tuple(ExternalId(source, value) for source in order for value in ids_of(title.ids, source))


def group_titles(items: Iterable[ShowItem]) -> tuple[Title, ...]:
    """Show items of one title together, lowest rating key first: see `grouped`."""
    return _titles(tuple(items))


@lru_cache(maxsize=4)
def _titles(items: tuple[ShowItem, ...]) -> tuple[Title, ...]:
    return tuple(map(Title, grouped(items)))


def grouped(items: Iterable[ItemT]) -> tuple[tuple[ItemT, ...], ...]:
    """Items of one title together: those that share a Plex guid, or their first id of the surest source.

    Never by title: two shows of one name stay two. Nor by a lesser id (an IMDb id stands on two shows more often than
    one would think): items that a catalogue takes for one show are joined once it said so. Lowest rating key first.
    """
    group_of: dict[str, int] = {}
    groups: dict[int, list[ItemT]] = {}
    for number, item in enumerate(sorted(items, key=item_order)):
        marks = _marks(item)
        joined = sorted({group_of[mark] for mark in marks if mark in group_of})
        members = [member for group in joined for member in groups.pop(group)]
        groups[number] = [*members, item]
        group_of.update(dict.fromkeys(marks, number))
        group_of.update({mark: number for member in members for mark in _marks(member)})
    found = (tuple(sorted(group, key=item_order)) for group in groups.values())
    return tuple(sorted(found, key=lambda group: rating_key_order(group[0].rating_key)))


def _marks(item: PlexItem) -> tuple[str, ...]:
    """What says of an item which title it is. A `local://` guid is the item's own and joins nothing."""
    surest = next((str(ExternalId(s, value)) for s in _ORDER if (value := first_id(item.ids, s)) is not None), None)
    guid = item.guid if item.guid.startswith("plex://") else None
    return tuple(mark for mark in (guid, surest) if mark is not None)
