"""Answers what the choice of an order has to know of a title: from our own files, or by asking the services.

Source: design/matching.md 3, 4. Changes when the way such an answer is come by changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from plexgap.domain.catalogue import AIRED, KnownOrder, Listing
from plexgap.domain.decisions import Override
from plexgap.domain.errors import NotListed, Rejected
from plexgap.domain.ids import ExternalId, Source, ids_of
from plexgap.domain.library import HeldShow, ItemRow, ShowItem
from plexgap.gaps import match
from plexgap.gaps.orders import Setting, Settled, Way, Wishes, settle
from plexgap.jobs.lookup import Asking, Listed, Lookup
from plexgap.jobs.parts import Parts
from plexgap.jobs.trail import Trail

if TYPE_CHECKING:
    from plexgap.sources.plex import Plex


class Open(Exception):
    """An order can't be settled without a question that may not be asked here."""


@dataclass(frozen=True, slots=True)
class Task:
    """A title whose order is to be settled: what is held of it, and the listing that knows it."""

    title: match.Title
    held: tuple[HeldShow, ...]
    found: Listed
    override: Override | None
    trail: Trail = field(compare=False, repr=False)


def settle_title(parts: Parts, lookup: Lookup, task: Task, asking: Asking) -> Settled:
    """The orders of the title's items. What Plex says of them is taken as it was kept (`read_settings`).

    Raises Open where a question is left that may not be asked, SourceError where a catalogue gave no answer. A second
    catalogue that refuses its key is done without.
    """
    while True:
        wishes = _wishes(parts, lookup, task)
        try:
            settled = settle(task.held, task.found.listing, wishes, _Answers(parts, lookup, task, asking))
        except Rejected as error:
            other = next((source for source in lookup.sources if source.label == error.source), None)
            if other is None or not lookup.turn_off(other, error):
                raise
        else:
            task.trail.sources = lookup.sources
            return settled


def aired_at_once(parts: Parts, lookup: Lookup, task: Task) -> Settled:
    """The orders where nothing has to be asked for them; raises Open at the first question."""
    return settle(task.held, task.found.listing, _wishes(parts, lookup, task), _Silent())


def _wishes(parts: Parts, lookup: Lookup, task: Task) -> Wishes:
    """A show that the person named is judged by the catalogue it was named of, unless the order is another one's."""
    override = task.override
    named = override is not None and override.names_show and not override.order
    return Wishes(
        sources=(task.found.listing.provider,) if named else lookup.sources,
        order=override.order if override is not None else "",
        order_provider=override.order_provider if override is not None else None,
        default_order=parts.settings.options.default_order,
    )


class _Silent:
    """Says nothing."""

    def listing(self, way: Way) -> Listing | None:
        raise Open

    def orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        raise Open

    def settings(self) -> Mapping[str, Setting]:
        raise Open


class _Answers:
    """What is known of one title, and what may be asked about it."""

    def __init__(self, parts: Parts, lookup: Lookup, task: Task, asking: Asking) -> None:
        self._parts = parts
        self._lookup = lookup
        self._task = task
        self._asking = asking
        self._aired: dict[Source, Listed | None] = {task.found.listing.provider: task.found}

    def listing(self, way: Way) -> Listing | None:
        """The title in that order; None where the catalogue has no such show or order."""
        aired = self._show(way.provider)
        if aired is None or way.order == AIRED:
            return aired.listing if aired is not None else None
        try:
            found = self._lookup.listing(
                way.provider, aired.listing.show_id, self._asking, way.order, trail=self._task.trail
            )
        except NotListed:
            return None
        if found is None:
            raise Open
        return found.listing

    def orders(self, provider: Source) -> tuple[KnownOrder, ...]:
        aired = self._show(provider)
        known = self._lookup.known_orders(aired.listing, self._asking, self._task.trail) if aired is not None else ()
        if known is None:
            raise Open
        return known

    def settings(self) -> Mapping[str, Setting]:
        """Plex's word on every item, as it is kept."""
        from_files = self._asking is Asking.NOTHING
        kept = self._parts.index.orderings(self._task.title.rating_keys, of_any_age=from_files)
        if from_files and len(kept) < len(self._task.held):
            raise Open
        return kept

    def _show(self, provider: Source) -> Listed | None:
        """The show in aired order. The other catalogue's number comes from the one that knows the title, then from
        Plex; only then is the other one asked which show has the title's ids."""
        if provider not in self._aired:
            self._aired[provider] = self._find(provider)
        return self._aired[provider]

    def _find(self, provider: Source) -> Listed | None:
        listing = self._task.found.listing
        if listing.provider is Source.TVDB:
            return None  # TMDB was asked first, and has none
        numbers = dict.fromkeys((*ids_of(listing.ids, provider), *ids_of(self._task.title.ids, provider)))
        own = [ExternalId(provider, number) for number in numbers]
        others = [known for known in sorted(listing.ids | self._task.title.ids) if known.source is not provider]
        found = self._lookup.by_ids((*own, *others), self._asking, provider, self._task.trail)
        if found is None:
            raise Open
        return found if isinstance(found, Listed) else None


def read_settings(parts: Parts, plex: Plex, items: Sequence[ShowItem]) -> None:
    """Asks Plex for the order of those items of which it isn't kept, and keeps it: many items a request, and one for
    each library whose default matters. Raises SourceError."""
    kept = parts.index.orderings([item.rating_key for item in items])
    lacking = [item for item in items if item.rating_key not in kept]
    if not lacking:
        return
    try:
        rows = plex.items([item.rating_key for item in lacking])
    except NotListed:
        rows = ()
    keep_settings(parts, plex, lacking, rows)


def keep_settings(
    parts: Parts,
    plex: Plex,
    items: Sequence[ShowItem],
    rows: Sequence[ItemRow],
    defaults: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keeps what Plex says in these rows of the order of the items; where one says nothing, its library is asked.
    `defaults`: the libraries' own, by uuid, as far as they are known and needn't be asked for."""
    own = {row.rating_key: row.ordering for row in rows}
    keys = {section.uuid: section.key for section in parts.index.sections()}
    silent = {item.section_uuid for item in items if not own.get(item.rating_key)}
    library = dict(defaults)
    library |= {uuid: plex.ordering(keys[uuid]) for uuid in sorted((silent & keys.keys()) - defaults.keys())}
    parts.index.save_orderings(
        {item.rating_key: Setting(own.get(item.rating_key, ""), library.get(item.section_uuid, "")) for item in items}
    )


def kept_defaults(parts: Parts, items: Sequence[ShowItem]) -> Mapping[str, str]:
    """The orders of these items' libraries, by uuid, as any other show of them had to be asked for before."""
    uuids = {item.section_uuid for item in items}
    there = {item.rating_key: item.section_uuid for item in parts.index.shows() if item.section_uuid in uuids}
    return {there[key]: kept.library for key, kept in parts.index.orderings(list(there)).items() if not kept.own}
