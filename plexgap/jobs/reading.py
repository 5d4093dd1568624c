"""One section of Plex on its way into the mirror: all of it, what moved of it, or nothing. A generator of events.

Source: design/mirror.md 1, 2. One transaction a page: stopped anywhere, what is written is true. Which signals say that
a show moved is known in jobs/light.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from threading import Event as Signal
from typing import TYPE_CHECKING

from plexgap.domain import events
from plexgap.domain.errors import IncompleteListing, NotListed
from plexgap.domain.events import Event, Phase
from plexgap.domain.library import ItemRow, Kind, KnownLeaves, Page, Probe, Resume, Section
from plexgap.jobs import light
from plexgap.jobs.light import Windows
from plexgap.sources.ahead import in_order
from plexgap.sources.brake import pass_by
from plexgap.store.index import Index, PageWritten, SectionState, Whole

if TYPE_CHECKING:
    from plexgap.sources.plex import Plex

log = logging.getLogger(__name__)

AT_ONCE = 4
DEEP_AFTER = timedelta(hours=24)

_LISTINGS = {Kind.SHOW: (Kind.SHOW, Kind.SEASON, Kind.EPISODE), Kind.MOVIE: (Kind.MOVIE,)}
_NEVER = datetime.min.replace(tzinfo=UTC)
_NEW = SectionState(None, None, None, is_whole=False, waiting=False, resume=None)


@dataclass(slots=True)
class Reading:
    """One section on its way. `problem`: why it is not whole, a sentence; "" as long as it is.

    `again`: a second look may mend it. `shows`: their titles by rating key. `state`: how far it was read before this
    look, which began at `probed_at`; `windows`: what it said of itself then. `whole`: what was read of it in this run,
    None: nothing yet, or nothing had moved. `read`: the titles that were; `read_all`: the last look went through all.
    """

    section: Section
    problem: str = ""
    again: bool = False
    shows: dict[str, str] = field(default_factory=dict)
    state: SectionState = _NEW
    probed_at: datetime = _NEVER
    windows: Windows | None = None
    whole: Whole | None = None
    read: set[str] = field(default_factory=set)
    read_all: bool = False

    def begin(self, state: SectionState, probed_at: datetime) -> None:
        """A look begins."""
        self.state, self.probed_at, self.windows = state, probed_at, None
        self.problem, self.again = "", False

    @property
    def before(self) -> Probe | None:
        """What it said of itself before it was last read whole, in this run or an earlier one."""
        return self.whole.probe if self.whole is not None else self.state.probe

    @property
    def since(self) -> datetime:
        """When it said so."""
        return self.whole.probed_at if self.whole is not None else self.state.probed_at or _NEVER

    @property
    def read_now(self) -> bool:
        """Whether anything of it was read in this run, or should have been."""
        return self.whole is not None or bool(self.problem)


@dataclass(frozen=True, slots=True)
class _Leaves:
    """A show's leaves; its seasons, where they had to be read too."""

    leaves: tuple[ItemRow, ...]
    seasons: tuple[ItemRow, ...] | None
    read_at: datetime


class Reader:
    """Reads sections into the index for one run. `everything`: whether or not it moved. `accept`: what waits for its
    removal leaves."""

    def __init__(
        self,
        plex: Plex,
        index: Index,
        run_id: int,
        stop: Signal,
        now: Callable[[], datetime],
        on_shows: Callable[[], None],
        *,
        everything: bool,
        accept: bool,
    ) -> None:
        self._plex, self._index, self._run_id, self._stop, self._now = plex, index, run_id, stop, now
        self._on_shows = on_shows
        self._everything, self._accept = everything, accept
        self._announced: dict[str, int] = {}
        self.written = 0

    def announce(self, reading: Reading, windows: Windows) -> Iterator[Event]:
        """How many leaves will be read of the section, before anything is; of one that moved in part that is known only
        once its shows are read."""
        reads_all = reading.before is None or self._why_all(reading, windows)
        yield from self._total(reading.section, (windows.probe.total or 0) if reads_all else 0)

    def _total(self, section: Section, total: int) -> Iterator[Event]:
        if self._announced.get(section.uuid) != total:
            self._announced[section.uuid] = total
            yield events.Total(Phase.MIRROR, section.title, total)

    def read(self, reading: Reading, windows: Windows) -> Iterator[Event]:
        """All of the section, what moved of it, or nothing."""
        section, before = reading.section, reading.before
        why = self._why_all(reading, windows)
        if why or before is None:
            yield from self._read_all(reading, windows, why)
        elif self._is_still(reading, before, windows):
            yield from self._total(section, 0)
            log.info("%s: nothing moved, not read", section.title)
            self._note_skipped(section)
            self._on_shows()
        elif section.kind is Kind.MOVIE:
            yield from self._read_all(reading, windows, "its content moved")
        else:
            yield from self._read_moved(reading, windows, before)

    def _why_all(self, reading: Reading, windows: Windows) -> str:
        """Why all of the section must be read; "" where what moved will do."""
        state, before = reading.state, reading.before
        if self._everything:
            return "it was asked for"
        if reading.read_all:
            return "it changed while it was read"
        if state.resume is not None:
            return "its last reading was cut off"
        if before is None or state.deep_at is None:
            return "it was never read whole"
        if not timedelta() <= reading.probed_at - state.deep_at < DEEP_AFTER:
            return "all of it was read a day ago"
        if light.went_back(before, windows.probe):
            return f"its counter went back from {before.counter} to {windows.probe.counter}"
        return ""

    def _is_still(self, reading: Reading, before: Probe, windows: Windows) -> bool:
        """Whether the section is as it was. What was watched since is written."""
        state = reading.state
        if reading.problem or not state.is_whole or (self._accept and state.waiting):
            return False
        if not light.is_still(before, windows.probe):
            return False
        if windows.viewed is None or windows.probe.viewed_at == before.viewed_at:
            return True
        if not light.tells_all_seen(windows.viewed, before):
            return False
        rows = windows.viewed.rows
        self.written += self._index.write_seen(self._run_id, reading.section, rows, windows.probe, reading.probed_at)
        return True

    def _read_all(
        self, reading: Reading, windows: Windows, why: str, kinds: Sequence[Kind] | None = None
    ) -> Iterator[Event]:
        """Every listing of the section, from where an earlier run left off if nothing moved since. The first page of
        every listing says how much there is, all asked at once; then everything in order. Told is how many leaves are
        there: episodes, or films."""
        section, read_at = reading.section, self._now()
        resume = self._resume(reading, windows) if kinds is None else None
        stamp = resume.stamp if resume is not None else self._run_id
        log.info("%s: all of it is read, %s%s", section.title, why, "" if resume is None else "; it goes on there")
        reading.read_all = True
        kinds = kinds or _LISTINGS[section.kind]
        if resume is not None:
            kinds = kinds[kinds.index(resume.kind) :]
            if Kind.SHOW not in kinds:
                self._on_shows()
        starts = [resume.start if resume is not None and kind is resume.kind else 0 for kind in kinds]
        listings = [self._plex.pages(section, kind, start=start) for kind, start in zip(kinds, starts, strict=True)]
        firsts = list(in_order([partial(next, pages) for pages in listings], len(listings), self._stop))
        total, done = firsts[-1].total, starts[-1]
        yield from self._total(section, total)
        begun_at = resume.begun_at if resume is not None else reading.probed_at.timestamp()
        for kind in kinds:
            for page in chain((firsts.pop(0),), listings.pop(0)):
                behind = Resume(stamp, windows.probe, kind, page.start, begun_at)
                yield from self._write(reading, page, read_at, stamp, behind)
                done += len(page.rows) if kind is kinds[-1] else 0
                yield from self._progress(reading, page, done, total)
            if kind is Kind.SHOW:
                self._on_shows()
        yield events.Progress(Phase.MIRROR, section.title, "", total, total)
        reading.whole = Whole(stamp, windows.probe, reading.probed_at, is_deep=True)

    def _resume(self, reading: Reading, windows: Windows) -> Resume | None:
        """Where to go on; None where the section moved since, or this very run was cut off there."""
        resume = reading.state.resume
        if resume is None or resume.stamp == self._run_id or not light.is_still(resume.probe, windows.probe):
            return None
        age = timedelta(seconds=reading.probed_at.timestamp() - resume.begun_at)
        return resume if timedelta() <= age < DEEP_AFTER else None

    def _read_moved(self, reading: Reading, windows: Windows, before: Probe) -> Iterator[Event]:
        """All shows of the section, and the leaves of those that moved."""
        section, read_at = reading.section, self._now()
        shows: list[ItemRow] = []
        told = False
        for page in self._plex.pages(section, Kind.SHOW):
            written = self._written(reading, page, read_at, self._run_id)
            yield from written.changes
            told = told or bool(written.changes)
            shows += page.rows
        self._on_shows()
        known = self._index.leaves(section)
        lost = light.shows_that_lost(self._index.lost(section, windows.added.rows), shows)
        moved = {**lost, **light.moved_shows(shows, known)}
        strange = self._index.differing(section, windows.rows)
        of_leaves = light.shows_of_leaves([row for row in windows.rows if row.rating_key in strange], known)
        explained = (
            told
            or bool(of_leaves)
            or any(signal.explains for signal in moved.values())
            or bool(known.keys() - {row.rating_key for row in shows})
            or self._index.looked_at_since(section, reading.since)
        )
        moved = {**(of_leaves or {}), **moved}
        rest = (Kind.SEASON, Kind.EPISODE)
        if of_leaves is None or not light.tells_all(windows, before):
            yield from self._read_all(reading, windows, "much of it moved", rest)
        elif not explained and before.counter != windows.probe.counter:
            yield from self._read_all(reading, windows, "its counter moved and none of its shows did", rest)
        elif not light.is_few(moved, windows, len(shows)):
            yield from self._read_all(reading, windows, f"{len(moved)} of its shows moved", rest)
        else:
            yield from self._read_shows(reading, [row for row in shows if row.rating_key in moved], moved, known)
            reading.whole = Whole(self._run_id, windows.probe, reading.probed_at, is_deep=False)
            return
        reading.read.update(row.rating_key for row in shows)

    def _read_shows(
        self,
        reading: Reading,
        shows: Sequence[ItemRow],
        moved: Mapping[str, light.Signal],
        known: Mapping[str, KnownLeaves],
    ) -> Iterator[Event]:
        """The leaves of these shows, one request for each thousand, and their seasons where those are others."""
        section = reading.section
        yield from self._total(section, len(shows))
        self._note_skipped(section, moved)
        calls = (partial(self._leaves, row, known.get(row.rating_key)) for row in shows)
        for done, (row, found) in enumerate(zip(shows, in_order(calls, AT_ONCE, self._stop), strict=True), 1):
            pass_by(self._stop)
            log.info("%s: its episodes are read, %s", row.title, moved[row.rating_key])
            written = self._index.write_leaves(row, found.leaves, found.read_at, found.seasons, alone=False)
            self.written += written.written
            reading.read.add(row.rating_key)
            yield from written.changes
            yield events.Progress(Phase.MIRROR, section.title, row.title, done, len(shows))

    def _leaves(self, show: ItemRow, known: KnownLeaves | None) -> _Leaves:
        read_at = self._now()
        try:
            leaves = self._plex.leaves(show.rating_key)
            others = light.needs_seasons(show, leaves, known)
            return _Leaves(leaves, self._plex.seasons(show.rating_key) if others else None, read_at)
        except NotListed as error:
            raise IncompleteListing(show.title, "it left Plex while it was read") from error

    def _written(
        self, reading: Reading, page: Page, read_at: datetime, stamp: int, behind: Resume | None = None
    ) -> PageWritten:
        pass_by(self._stop)
        written = self._index.write_page(stamp, reading.section, page.rows, read_at, behind)
        self.written += written.written
        return written

    def _write(self, reading: Reading, page: Page, read_at: datetime, stamp: int, behind: Resume) -> Iterator[Event]:
        yield from self._written(reading, page, read_at, stamp, behind).changes
        reading.read.update(row.rating_key for row in page.rows if row.kind in (Kind.SHOW, Kind.MOVIE))

    def _note_skipped(self, section: Section, read: Container[str] = ()) -> None:
        """One line a title that isn't read: all of the section but these keys."""
        if log.isEnabledFor(logging.DEBUG):
            of_films = section.kind is Kind.MOVIE
            for item in self._index.films([section.uuid]) if of_films else self._index.shows([section.uuid]):
                if item.rating_key not in read:
                    log.debug("%s: nothing moved, not read", item.title)

    def _progress(self, reading: Reading, page: Page, done: int, total: int) -> Iterator[Event]:
        reading.shows.update((row.rating_key, row.title) for row in page.rows if row.kind is Kind.SHOW)
        if not page.rows:
            return
        last = page.rows[-1]
        show = reading.shows.get(last.grandparent_key or last.parent_key or "", "")
        item = f"{show} / {last.title}" if show else last.title
        yield events.Progress(Phase.MIRROR, reading.section.title, item, done, total)
