"""Takes what a scan has found of each title: judges, stores, and tells what changed. Asks nothing of any service.

Changes when a scan has more to do with an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace

from plexgap.domain import events
from plexgap.domain.decisions import Override
from plexgap.domain.errors import Rejected, SourceError
from plexgap.domain.events import Event
from plexgap.domain.grounds import Ground
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import match, rules
from plexgap.gaps.orders import Settled
from plexgap.jobs import judging, ordering, upkeep
from plexgap.jobs.lookup import Listed, Lookup, NoTitle
from plexgap.jobs.ordering import Task
from plexgap.jobs.parts import Parts
from plexgap.jobs.pool import Done
from plexgap.store.index import StoredCheck

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What a run has met so far. `scope`: what to tell of the watchlist, where that could not be read; `films_refused`:
    of TMDB, where it refused its key and only films need it. `phases`: seconds by phase; `titles`, `read`:
    as in events.Stats. `began`, `compare_began`: moments by brake.going_at."""

    shows: int = 0
    kept: int = 0
    unknown: set[str] = field(default_factory=set)
    began: float = 0.0
    compare_began: float = 0.0
    changes: int = 0
    written: int = 0
    failed: list[str] = field(default_factory=list)
    held_back: int = 0
    scope: str = ""
    refused: bool = False
    unknown_films: int = 0
    unknown_collections: int = 0
    films_refused: str = ""
    phases: dict[str, float] = field(default_factory=dict)
    titles: int = 0
    read: int = 0


class Desk:
    """Takes the answers one by one: judges, stores, and tells what changed."""

    def __init__(self, parts: Parts, tally: Tally, lookup: Lookup) -> None:
        self._parts = parts
        self._tally = tally
        self._lookup = lookup
        self._open: dict[tuple[Source, int], Task] = {}
        self._joined: dict[tuple[Source, int], match.Title] = {}
        self._grounds: dict[tuple[Source, int], tuple[Ground, ...]] = {}
        self._failed: dict[tuple[Source, int], str] = {}
        # As the run began: a catalogue that refuses its key meanwhile says nothing against what it said before.
        self._sources = lookup.sources
        self._told: set[tuple[str, ...]] = set()
        self._revision = -1
        self._stored: dict[str, StoredCheck] = {}
        self.refresh()

    def refresh(self) -> None:
        """Reads the decisions and the stored checks again: either may have moved while Plex was read."""
        self._decisions = self._parts.decisions.load()
        if self._revision == (now := self._parts.index.revision()):
            return
        self._revision = now
        self._stored = {key: check for check in self._parts.index.checks() for key in check.check.rating_keys}

    def known(self, *, sparing: bool) -> upkeep.Known:
        """What is known before anything is looked at."""
        return upkeep.Known(self._parts, self._stored, self._decisions, self._sources, sparing)

    def look_at(self, title: match.Title, why: upkeep.Why) -> None:
        """Tells once why it is looked at."""
        if title.rating_keys not in self._told:
            self._told.add(title.rating_keys)
            log.info("%s (%s) is looked at: %s", title.name, title.year, why)

    def pass_over(self, kept: upkeep.Kept) -> None:
        """Leaves it as it is. Should another title turn out to be the same show, they are judged together."""
        for title in kept.titles:
            log.debug("%s (%s) is skipped: nothing moved, and all that was said of it holds", title.name, title.year)
        self._tally.shows += len(kept.titles)
        self._tally.kept += len(kept.titles)
        show = judging.show_of(kept.stored.check)
        if show is not None:
            self._joined[show], self._grounds[show] = kept.title, kept.stored.stamps.grounds

    def previous(self, title: match.Title) -> Check | None:
        stored = next((self._stored[key] for key in title.rating_keys if key in self._stored), None)
        return judging.earlier(stored, self.override(title), self._parts)

    def override(self, title: match.Title) -> Override | None:
        return rules.override_of(self._decisions, rules.title_ref(title.items))

    def take(self, done: Done[match.Title, Listed | NoTitle | None]) -> Generator[Event]:
        title, found = done.task, done.result
        if done.error is not None:
            yield from self._take_failure(title, done.error)
            return
        if found is None:
            return
        if isinstance(found, NoTitle):
            yield from self._keep(title, judging.unmapped(self._parts, title, found, self.override(title)))
            return
        show = _show(found)
        title = self._join(title, show)
        if found.trail is not None:
            found.trail.absorb(self._grounds.get(show, ()))
            self._grounds[show] = found.trail.grounds
        self._tally.kept += not found.asked
        task = judging.task_of(self._parts, title, found, self.override(title))
        self._open.pop(show, None)
        try:
            orders = ordering.aired_at_once(self._parts, self._lookup, task)
        except ordering.Open:
            self._open[show] = task
            return
        yield from self._judge(task, orders)

    def open_tasks(self) -> tuple[Task, ...]:
        """The titles whose order could not be told from their listing alone."""
        return tuple(self._open.values())

    def take_settled(self, done: Done[Task, Settled]) -> Generator[Event]:
        if done.error is not None:
            yield from self._take_failure(done.task.title, done.error)
        elif done.result is not None:
            yield from self._judge(done.task, done.result)

    def take_failures(self, tasks: Iterable[Task], error: BaseException) -> Generator[Event]:
        for task in tasks:
            yield from self._take_failure(task.title, error)

    def _judge(self, task: Task, orders: Settled) -> Generator[Event]:
        judged = judging.judge(self._parts, task, orders, self.previous(task.title))
        reason = self._failed.get(_show(task.found))
        yield from self._keep(task.title, judged if reason is None else judging.not_whole(judged, reason))

    def _take_failure(self, title: match.Title, error: BaseException) -> Generator[Event]:
        if isinstance(error, Rejected) or not isinstance(error, SourceError):
            raise error
        log.warning("%s (%s) is unknown: %s", title.name, title.year, error)
        name, previous = title.name, self.previous(title)
        show = judging.show_of(previous) if previous is not None else None
        if show is not None:
            title, self._failed[show] = self._join(title, show), error.advice
        judged = judging.unknown(self._parts, title, error.advice, self.override(title), previous)
        yield events.Warning("show", name, error.advice, judged.check.title_id)
        yield from self._keep(title, judged)

    def _join(self, title: match.Title, show: tuple[Source, int]) -> match.Title:
        """Items that Plex holds apart and the catalogue takes for one show are judged together; one whose lookup
        failed with those of the show that it was before."""
        if show in self._joined:
            items = {item.rating_key: item for item in (*self._joined[show].items, *title.items)}
            title = match.Title(tuple(sorted(items.values(), key=match.item_order)))
        self._joined[show] = title
        return title

    def _keep(self, title: match.Title, judged: judging.Judged) -> Generator[Event]:
        previous = self.previous(title)
        check = judged.check
        self._tally.unknown.discard(check.title_id)
        if check.outcome is Outcome.UNKNOWN:
            self._tally.unknown.add(check.title_id)
        if self._stands(judged):
            return
        if not self._parts.index.save_check(check, judged.stamps):
            log.info("%s was checked by someone else meanwhile; that result stands", title.name)
            return
        detail = _difference(previous, check)
        if detail:
            yield events.Change("updated", "show", title.name, detail=detail)

    def _stands(self, judged: judging.Judged) -> bool:
        """Whether the same was said of the same facts before, so that nothing need be written."""
        check = judged.check
        stored = self._stored.get(check.rating_keys[0])
        return (
            stored is not None
            and stored.stamps == judged.stamps
            and replace(stored.check, tried_at=check.tried_at) == check
            and check.outcome is not Outcome.UNKNOWN
        )


def _show(found: Listed) -> tuple[Source, int]:
    return found.listing.provider, found.listing.show_id


def _difference(before: Check | None, after: Check) -> str:
    """What a check changed in what is absent, in words; "" when nothing did or when it is the first."""
    if before is None or before.outcome is not Outcome.JUDGED or after.outcome is not Outcome.JUDGED:
        return ""
    was = {episode.number for episode in before.absent if not episode.number.is_special}
    now = {episode.number for episode in after.absent if not episode.number.is_special}
    if was == now:
        return ""
    return f"{len(was - now)} filled, {len(now - was)} new, {len(now)} absent"
