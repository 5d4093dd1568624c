"""Plex into the mirror: what is read of which section, and when a section is whole. A generator of events.

Source: design/mirror.md 1, 2, 7, 8. One transaction a page: stopped anywhere, what is written is true. What of a
section is read: jobs/reading.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event as Signal
from typing import TYPE_CHECKING

from plexgap.domain import events
from plexgap.domain.errors import IncompleteListing, NotListed, Rejected, SourceError
from plexgap.domain.events import Event, Phase
from plexgap.domain.library import Kind, Probe, Section
from plexgap.jobs import light
from plexgap.jobs.light import Windows
from plexgap.jobs.reading import AT_ONCE, Reader, Reading
from plexgap.sources.ahead import in_order
from plexgap.sources.brake import going_at
from plexgap.store.index import Index

if TYPE_CHECKING:
    from plexgap.sources.plex import Plex

log = logging.getLogger(__name__)

_LOOKS = 2
_REFRESHING = "Plex is scanning this library itself, so its lists may be short. Check again when it has finished."

Choice = Callable[[Sequence[Section]], Sequence[Section]]


@dataclass(frozen=True, slots=True)
class MirrorResult:
    """`failed`: titles of sections that could not be read whole. `held_back`: titles whose removal waits.

    `written`: rows that were new or differed. `read`: titles that were read anew, `titles`: all in the sections chosen.
    """

    failed: tuple[str, ...]
    held_back: int
    written: int
    titles: int = 0
    read: int = 0


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
    everything: bool = True,
) -> Generator[Event, None, MirrorResult]:
    """Read every chosen section of these kinds: `everything`, or what moved since. `now` is the real clock, whatever
    day is looked at. `on_shows` is called when the shows of a section are in the index, long before their episodes are.

    A section that fails keeps its last good rows, gets a Warning and the others go on. Raises what `chosen` raises,
    Rejected, Unreachable or BadAnswer when Plex gives not even its sections, StoreError, and Cancelled once `stop` is
    set: pages that are written stay.
    """
    begun = going_at(stop)
    yield events.PhaseStarted(Phase.MIRROR)
    index.save_server(plex.server())
    listed = plex.sections()
    index.save_sections(listed)
    readings = [Reading(section) for section in chosen(listed) if section.kind in kinds]
    # Shows first: their listings are then asked for beside everything else.
    readings.sort(key=lambda reading: reading.section.kind is not Kind.SHOW)
    reader = Reader(plex, index, run_id, stop, now, on_shows, everything=everything, accept=accept_removals)
    yield from _Work(plex, index, stop, now, reader).read(readings)
    yield from _close(index, readings, accept_removals, now)
    index.note_sections(run_id, [reading.section.uuid for reading in readings if not reading.problem])
    index.purge(now())
    yield events.PhaseDone(Phase.MIRROR, going_at(stop) - begun)
    return _result(index, readings, reader.written)


def _result(index: Index, readings: Sequence[Reading], written: int) -> MirrorResult:
    uuids = {reading.section.uuid for reading in readings}
    return MirrorResult(
        failed=tuple(reading.section.title for reading in readings if reading.problem),
        held_back=sum(count for _, count in index.held_back()),
        written=written,
        titles=index.count_titles(uuids),
        read=sum(len(reading.read) for reading in readings),
    )


class _Work:
    """Reads sections for one run, each once or twice."""

    def __init__(self, plex: Plex, index: Index, stop: Signal, now: Callable[[], datetime], reader: Reader) -> None:
        self._plex, self._index, self._stop, self._now = plex, index, stop, now
        self._reader = reader

    def read(self, readings: Sequence[Reading]) -> Iterator[Event]:
        """Every section once, and a second time those that changed meanwhile.

        A change while Plex is listing may shift the rows so that one stands on no page, with totals that agree. Two
        looks together miss nothing: a row that either of them met counts as seen.
        """
        todo = list(readings)
        for _ in range(_LOOKS):
            self._probe(todo)
            for reading in todo:
                if reading.windows is not None:
                    yield from self._reader.announce(reading, reading.windows)
            for reading in todo:
                yield from self._read_section(reading)
            read = [reading for reading in todo if reading.read_now]
            todo = self._look_after(read) if read else []

    def _probe(self, readings: Sequence[Reading]) -> None:
        """What every section says of itself, before anything of it is read; all asked side by side."""
        probed_at = self._now()
        for reading in readings:
            reading.begin(self._index.section_state(reading.section), probed_at)
        looks = (partial(_look, self._plex, reading.section, reading.before) for reading in readings)
        for reading, found in zip(readings, in_order(looks, AT_ONCE, self._stop), strict=True):
            if isinstance(found, Windows):
                reading.windows = found
            else:
                reading.problem = found.advice
                log.warning("The section %s was not read: %s", reading.section.title, found)

    def _read_section(self, reading: Reading) -> Iterator[Event]:
        windows = reading.windows
        if windows is None:
            return
        if reading.section.refreshing:
            reading.problem, reading.again = _REFRESHING, True
        try:
            yield from self._reader.read(reading, windows)
        except Rejected:
            raise
        except IncompleteListing as error:
            reading.problem, reading.again = error.advice, True
        except (SourceError, NotListed) as error:
            reading.problem, reading.again = error.advice, False
            log.warning("The section %s was not read: %s", reading.section.title, error)

    def _look_after(self, readings: Sequence[Reading]) -> list[Reading]:
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


def _look(plex: Plex, section: Section, before: Probe | None) -> Windows | SourceError | NotListed:
    """What the section says of itself, or why it says nothing; Rejected is raised."""
    try:
        return light.look(plex, section, before)
    except Rejected:
        raise
    except (SourceError, NotListed) as error:
        return error


def _moved(before: Section, after: Section) -> bool:
    return before.content_changed_at != after.content_changed_at


def _close(
    index: Index, readings: Sequence[Reading], accept_removals: bool, now: Callable[[], datetime]
) -> Iterator[Event]:
    """What is no longer there goes, or waits for the person; what could not be read is said."""
    for reading in readings:
        section, whole = reading.section, reading.whole
        if reading.problem:
            index.fail_section(section, reading.problem)
            log.warning("The section %s is not whole: %s", section.title, reading.problem)
            yield events.Warning("section", section.title, reading.problem)
        elif whole is not None:
            yield from index.close_section(section, whole, accept_removals=accept_removals, now=now()).changes
    if accept_removals:
        yield from index.drop_unlisted(now()).changes
    for reading in readings:
        if reading.whole is not None and not reading.problem:
            yield from index.copies(reading.section)
    for title, count in index.held_back():
        yield events.Warning("section", title, _waiting(count))


def _waiting(count: int) -> str:
    if count == 1:
        said = "1 title is no longer in Plex. It still counts"
    else:
        said = f"{count} titles are no longer in Plex. That is much at once, so they still count"
    return f"{said} as held until you accept it (scan --accept-removals)."
