"""Which titles of the library a watchlist names, and what is in scope with them. Pure.

Source: design/gaps.md 5 "Scope". A show of the list is a title by its Plex guid; where none has that, by its title and
year; and where none has these either, by an id of another source. With each come the titles that may be the same show:
left out, what they hold would seem to be missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from plexgap.domain.ids import ExternalId, Source, ids_of
from plexgap.domain.watchlist import Watchlist, WatchlistItem
from plexgap.gaps import search
from plexgap.gaps.match import Title

_PLEX = "plex://"
# As titles are looked up: an id of a surer source decides, and a lesser one isn't looked at.
_SUREST_FIRST = (Source.TMDB, Source.TVDB, Source.IMDB)

_Name = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`titles`: those in scope, in the order they were given. `found`: how many shows of the list are among them."""

    titles: tuple[Title, ...]
    found: int


def narrowed(titles: Sequence[Title], watchlist: Watchlist, shows_of: Mapping[str, str] | None = None) -> Narrowed:
    """The titles that the list names, with those that may be the same show. `shows_of`: which show an earlier check
    took an item for, by rating key; items of one show are never parted."""
    known = _Known(titles)
    found = [known.named_by(item, watchlist) for item in watchlist.shows]
    inside = known.with_others({number for numbers in found for number in numbers}, shows_of or {})
    return Narrowed(
        tuple(title for number, title in enumerate(titles) if number in inside), sum(1 for numbers in found if numbers)
    )


def to_look_up(titles: Sequence[Title], watchlist: Watchlist) -> tuple[WatchlistItem, ...]:
    """The shows of the list whose ids in other sources must be asked for, in the order of the list: no title is one of
    them by guid, by title and year, or by an id that is known, and they were not asked for before.

    None at all where every title with ids either carries a Plex guid, which would have told, or is on the list.
    """
    known = _Known(titles)
    found = [known.named_by(item, watchlist) for item in watchlist.shows]
    named = {number for numbers in found for number in numbers}
    if not any(number not in named and _speaks_by_ids_alone(title) for number, title in enumerate(titles)):
        return ()
    return tuple(
        item
        for item, numbers in zip(watchlist.shows, found, strict=True)
        if not numbers and not item.ids and item.rating_key not in watchlist.looked_up
    )


class _Known:
    """Titles, by everything that may name them. They go by their place in the sequence."""

    def __init__(self, titles: Sequence[Title]) -> None:
        self._titles = titles
        self._by_guid: defaultdict[str, set[int]] = defaultdict(set)
        self._by_name: defaultdict[_Name, set[int]] = defaultdict(set)
        self._by_id: defaultdict[ExternalId, set[int]] = defaultdict(set)
        for number, title in enumerate(titles):
            for guid in _guids(title):
                self._by_guid[guid].add(number)
            for name in _names(title):
                self._by_name[name].add(number)
            for own in title.ids:
                self._by_id[own].add(number)

    def named_by(self, item: WatchlistItem, watchlist: Watchlist) -> Collection[int]:
        """The titles that a show of the list is: by the first of the three ways that leads to any."""
        by_guid = self._by_guid.get(item.guid)
        if by_guid:
            return by_guid
        name, ids = _name(item.title, item.year), watchlist.ids(item)
        by_name = self._by_name.get(name, set()) if name is not None else set()
        return {n for n in by_name if _same_ids(ids, self._titles[n].ids) is not False} or self._with_id(ids)

    def with_others(self, inside: set[int], shows_of: Mapping[str, str]) -> set[int]:
        """These and the titles that may be the same show as one of them, or as one that is so taken in."""
        by_show: defaultdict[str, set[int]] = defaultdict(set)
        for number, title in enumerate(self._titles):
            for show in _shows(title, shows_of):
                by_show[show].add(number)
        reached, left = set(inside), list(inside)
        while left:
            title = self._titles[left.pop()]
            checked = set().union(*(by_show[show] for show in _shows(title, shows_of)))
            named = set().union(*(self._by_name[name] for name in _names(title)))
            others = checked | {n for n in named | self._with_id(title.ids) if _may_be_one(title, self._titles[n])}
            left += others - reached
            reached |= others
        return reached

    def _with_id(self, ids: Iterable[ExternalId]) -> set[int]:
        return set().union(*(self._by_id[own] for own in ids if own in self._by_id))


def _may_be_one(one: Title, other: Title) -> bool:
    """Of two titles that share an id or a name. Where no source knows both, only two Plex guids tell them apart."""
    same = _same_ids(one.ids, other.ids)
    return same if same is not None else not (_guids(one) and _guids(other))


def _same_ids(some: Collection[ExternalId], others: Collection[ExternalId]) -> bool | None:
    """Whether these are ids of one show, by the surest source that knows both; None where none does."""
    for source in _SUREST_FIRST:
        mine, theirs = ids_of(some, source), ids_of(others, source)
        if mine and theirs:
            return not set(mine).isdisjoint(theirs)
    return None


def _speaks_by_ids_alone(title: Title) -> bool:
    return bool(title.ids) and not _guids(title)


def _guids(title: Title) -> tuple[str, ...]:
    """Plex's own word on which title it is. A `local://` guid is one server's, a legacy one is an id."""
    return tuple(item.guid for item in title.items if item.guid.startswith(_PLEX))


def _names(title: Title) -> tuple[_Name, ...]:
    found = (_name(item.title, item.year) for item in title.items)
    return tuple(name for name in found if name is not None)


def _name(title: str, year: int | None) -> _Name | None:
    """What two titles are compared by; None without a year, which alone tells shows of one name apart."""
    wanted = search.sought(title, year)
    return (search.normal_title(wanted.title), wanted.year) if wanted.title and wanted.year is not None else None


def _shows(title: Title, shows_of: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(shows_of[key] for key in title.rating_keys if key in shows_of)
