"""Plex into the mirror: which listings are read in which order, and when a section is whole. A generator of events.

Source: design/mirror.md 2, 7, 8. One transaction a page: stopped anywhere, what is written is true.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from threading import Event as Signal
from typing import TYPE_CHECKING

from plexgap.domain import events
from plexgap.domain.errors import IncompleteListing, NotListed, Rejected, SourceError
from plexgap.domain.events import Event, Phase
from plexgap.domain.library import Kind, Page, Section
from plexgap.sources.ahead import in_order
from plexgap.sources.brake import pass_by
from plexgap.store.index import Index

if TYPE_CHECKING:
    from plexgap.sources.plex import Plex

log = logging.getLogger(__name__)

_LISTINGS = {Kind.SHOW: (Kind.SHOW, Kind.SEASON, Kind.EPISODE), Kind.MOVIE: (Kind.MOVIE,)}
_LOOKS = 2
_BEAT_S = 0.1
_REFRESHING = "Plex is scanning this library itself, so its lists may be short. Check again when it has finished."

Choice = Callable[[Sequence[Section]], Sequence[Section]]


@dataclass(frozen=True, slots=True)
class MirrorResult:
    """`failed`: titles of sections that could not be read whole. `held_back`: titles whose removal waits.

    `written`: rows that were new or differed. The others count what is held afterwards, over all sections.
    """

    failed: tuple[str, ...]
    held_back: int
    written: int
    shows: int
    episodes: int
    movies: int


@dataclass(slots=True)
class _Reading:
    """One section on its way. `problem`: why it is not whole, a sentence; "" as long as it is.

    `again`: a second look may mend it. `shows`: their titles by rating key.
    """

    section: Section
    problem: str = ""
    again: bool = False
    shows: dict[str, str] = field(default_factory=dict)


def mirror(
    plex: Plex,
    index: Index,
    run_id: int,
    chosen: Choice,
    *,
    accept_removals: bool,
    stop: Signal,
    now: Callable[[], datetime],
    kinds: Sequence[Kind] = (Kind.SHOW, Kind.MOVIE),
    on_shows: Callable[[], None] = lambda: None,
) -> Generator[Event, None, MirrorResult]:
    """Read every chosen section of these kinds in full. `now` is the real clock, whatever day is looked at.
    `on_shows` is called when the shows of a section are in the index, long before their episodes are.

    A section that fails keeps its last good rows, gets a Warning and the others go on. Raises what `chosen` raises,
    Rejected, Unreachable or BadAnswer when Plex gives not even its sections, StoreError, and Cancelled once `stop` is
    set: pages that are written stay.
    """
    begun = time.monotonic()
    yield events.PhaseStarted(Phase.MIRROR)
    index.save_server(plex.server())
    listed = plex.sections()
    index.save_sections(listed)
    readings = [_Reading(section) for section in chosen(listed) if section.kind in kinds]
    # Shows first: their listings are then asked for beside everything else.
    readings.sort(key=lambda reading: reading.section.kind is not Kind.SHOW)
    work = _Work(plex, index, run_id, stop, now, on_shows)
    yield from work.read(readings)
    yield from _close(index, run_id, readings, accept_removals, now)
    counts = index.counts()
    yield events.PhaseDone(Phase.MIRROR, time.monotonic() - begun)
    return MirrorResult(
        failed=tuple(reading.section.title for reading in readings if reading.problem),
        held_back=sum(count for _, count in index.held_back()),
        written=work.written,
        shows=counts.shows,
        episodes=counts.episodes,
        movies=counts.movies,
    )


class _Work:
    """Reads sections into the index for one run."""

    def __init__(
        self,
        plex: Plex,
        index: Index,
        run_id: int,
        stop: Signal,
        now: Callable[[], datetime],
        on_shows: Callable[[], None],
    ) -> None:
        self._plex, self._index, self._run_id, self._stop, self._now = plex, index, run_id, stop, now
        self._on_shows = on_shows
        self._next_beat = 0.0
        self.written = 0

    def read(self, readings: Sequence[_Reading]) -> Iterator[Event]:
        """Every section once, and a second time those that changed meanwhile.

        A change while Plex is listing may shift the rows so that one stands on no page, with totals that agree. Two
        looks together miss nothing: a row that either of them met counts as seen.
        """
        todo = list(readings)
        for _ in range(_LOOKS):
            for reading in todo:
                yield from self._read_section(reading)
            todo = self._look_after(todo) if todo else []

    def _read_section(self, reading: _Reading) -> Iterator[Event]:
        log.info("Reading the section %s", reading.section.title)
        reading.problem, reading.again = "", False
        if reading.section.refreshing:
            reading.problem, reading.again = _REFRESHING, True
        try:
            yield from self._read_listings(reading)
        except Rejected:
            raise
        except IncompleteListing as error:
            reading.problem, reading.again = error.advice, True
        except (SourceError, NotListed) as error:
            reading.problem, reading.again = error.advice, False
            log.warning("The section %s was not read: %s", reading.section.title, error)

    def _read_listings(self, reading: _Reading) -> Iterator[Event]:
        """The first page of every listing says how much there is, all asked at once; then everything in order."""
        section, read_at = reading.section, self._now()
        kinds = _LISTINGS[section.kind]
        listings = [self._plex.pages(section, kind) for kind in kinds]
        firsts = list(in_order([partial(next, pages) for pages in listings], len(listings), self._stop))
        total, done = sum(page.total for page in firsts), 0
        yield events.Total(Phase.MIRROR, section.title, total)
        for kind in kinds:
            for page in chain((firsts.pop(0),), listings.pop(0)):
                yield from self._write(reading, page, read_at)
                done += len(page.rows)
                yield from self._progress(reading, page, done, total)
            if kind is Kind.SHOW:
                self._on_shows()
        yield events.Progress(Phase.MIRROR, section.title, "", total, total)

    def _write(self, reading: _Reading, page: Page, read_at: datetime) -> Iterator[Event]:
        pass_by(self._stop)
        written = self._index.write_page(self._run_id, reading.section, page.rows, read_at)
        self.written += written.written
        yield from written.changes

    def _progress(self, reading: _Reading, page: Page, done: int, total: int) -> Iterator[Event]:
        """At most ten a second."""
        reading.shows.update((row.rating_key, row.title) for row in page.rows if row.kind is Kind.SHOW)
        moment = time.monotonic()
        if moment < self._next_beat or not page.rows:
            return
        self._next_beat = moment + _BEAT_S
        last = page.rows[-1]
        show = reading.shows.get(last.grandparent_key or last.parent_key or "", "")
        item = f"{show} / {last.title}" if show else last.title
        yield events.Progress(Phase.MIRROR, reading.section.title, item, done, total)

    def _look_after(self, readings: Sequence[_Reading]) -> list[_Reading]:
        """Whether Plex was at rest all the while: sections that it scans now are not whole.

        Returns those that another look may mend: the counter of their content moved, or their listing did.
        """
        try:
            after = {section.uuid: section for section in self._plex.sections()}
        except Rejected:
            raise
        except SourceError as error:
            for reading in readings:
                reading.problem = reading.problem or error.advice
            return []
        again = []
        for reading in readings:
            section = after.get(reading.section.uuid)
            if section is None:
                reading.problem = "Plex no longer lists this library."
            elif section.refreshing:
                reading.problem = _REFRESHING
            elif reading.again or (not reading.problem and _moved(reading.section, section)):
                reading.section = section
                again.append(reading)
        return again


def _moved(before: Section, after: Section) -> bool:
    return before.content_changed_at != after.content_changed_at


def _close(
    index: Index, run_id: int, readings: Sequence[_Reading], accept_removals: bool, now: Callable[[], datetime]
) -> Iterator[Event]:
    """What is no longer there goes, or waits for the person; what could not be read is said."""
    for reading in readings:
        section = reading.section
        removal = index.close_section(
            run_id,
            section,
            complete=not reading.problem,
            reason=reading.problem,
            accept_removals=accept_removals,
            now=now(),
        )
        yield from removal.changes
        if reading.problem:
            log.warning("The section %s is not whole: %s", section.title, reading.problem)
            yield events.Warning("section", section.title, reading.problem)
    if accept_removals:
        yield from index.drop_unlisted(now()).changes
    for title, count in index.held_back():
        yield events.Warning("section", title, _waiting(count))


def _waiting(count: int) -> str:
    titles = "1 title is" if count == 1 else f"{count} titles are"
    return (
        f"{titles} no longer in Plex. That is much at once, so they still count as held until you accept it "
        "(scan --accept-removals)."
    )
