"""One background job a process: start, cancel, and a snapshot that any number of pages read.

Changes when jobs are started, stopped or told about in another way. Knows events, not what makes them.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from plexgap.domain import events
from plexgap.domain.errors import Cancelled, PlexgapError
from plexgap.domain.events import (
    Change,
    Event,
    Phase,
    PhaseStarted,
    Progress,
    RateLimited,
    RunDone,
    RunStarted,
    RunStatus,
    Stats,
    Total,
)

log = logging.getLogger(__name__)

Job = Callable[[threading.Event], Iterator[Event]]
_SPEED_WINDOW_S = 10.0
_WARNINGS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of the present job, or of the last one. Replaced whole, never changed.

    `number` grows with every job, so that a page notices one that began and ended between two looks.
    `status` None: no job yet. `done`, `total`: of the present phase, over the libraries begun so far; `share` of the
    phase, 0 to 1, never goes back. `item` is what it is at. `seconds_left` None: too early to say, or not known.
    `error`: why it failed; `code`: where in the log, when the fault is ours.
    """

    number: int = 0
    status: RunStatus | None = None
    mode: str = ""
    by: str = ""
    stopping: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    phase: Phase | None = None
    library: str = ""
    item: str = ""
    done: int = 0
    total: int = 0
    share: float = 0.0
    changes: int = 0
    warnings: tuple[events.Warning, ...] = ()
    warning_count: int = 0
    waiting: RateLimited | None = None
    seconds_left: float | None = None
    stats: Stats | None = None
    advice: str = ""
    error: PlexgapError | None = None
    code: str = ""

    @property
    def running(self) -> bool:
        return self.status is RunStatus.RUNNING


@dataclass(frozen=True, slots=True)
class _Phase:
    """How far one phase is: (done, total) by library, in the order they came. Reading Plex counts each library by
    itself, comparing counts all titles together under one name.
    """

    phase: Phase
    parts: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    def moved(self, library: str, done: int, total: int) -> _Phase:
        name = library if self.phase is Phase.MIRROR else ""
        return replace(self, parts=MappingProxyType({**self.parts, name: (done, total)}))

    @property
    def share(self) -> float:
        """How much of the phase is done, 0 to 1, never going back.

        A library's size is known only once it is begun, so each one takes half of what the bar has left.
        """
        share, left = 0.0, 1.0
        for done, total in self.parts.values():
            part = left / 2 if self.phase is Phase.MIRROR else left
            share += part * (min(done / total, 1.0) if total else 1.0)
            left -= part
        return share


class Runner:
    """Runs one job at a time on a thread of its own. Thread-safe. The thread knows nothing of any page."""

    def __init__(
        self, now: Callable[[], datetime] = lambda: datetime.now(UTC), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._now, self._clock = now, clock
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._phase: _Phase | None = None
        self._looks: deque[tuple[float, int]] = deque()

    @property
    def snapshot(self) -> Snapshot:
        with self._lock:
            return self._snapshot

    def start(self, job: Job, *, mode: str = "", by: str = "") -> bool:
        """Start the job; False when one runs already, which then goes on untouched."""
        with self._lock:
            if self._snapshot.running:
                return False
            self._stop = threading.Event()
            self._phase = None
            self._looks.clear()
            number = self._snapshot.number + 1
            self._snapshot = Snapshot(number=number, status=RunStatus.RUNNING, mode=mode, by=by, started_at=self._now())
            self._thread = threading.Thread(target=self._run, args=(job, self._stop), name=f"job-{number}", daemon=True)
            self._thread.start()
        return True

    def cancel(self) -> None:
        """Ask the present job to stop; it ends at its next safe point. Nothing happens when none runs."""
        with self._lock:
            if self._snapshot.running:
                self._stop.set()
                self._snapshot = replace(self._snapshot, stopping=True)

    def forget(self) -> None:
        """Forget the last job's outcome, as when another library is opened. Nothing happens while one runs."""
        with self._lock:
            if not self._snapshot.running:
                self._snapshot = Snapshot(number=self._snapshot.number + 1)

    def wait(self, timeout_s: float) -> bool:
        """Wait for the present job to end; False when it still runs."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return not self.snapshot.running

    def _run(self, job: Job, stop: threading.Event) -> None:
        ended: RunDone | None = None
        try:
            for event in job(stop):
                if isinstance(event, RunDone):
                    ended = event
                else:
                    self._fold(event)
            self._end(ended or RunDone(RunStatus.STOPPED if stop.is_set() else RunStatus.OK, Stats()))
        except Cancelled:
            self._end(RunDone(RunStatus.STOPPED, Stats()))
        except PlexgapError as error:
            log.warning("job failed: %s", error)
            self._end(RunDone(RunStatus.FAILED, Stats(), error.advice), error=error)
        except Exception:  # the one broad except of the program: a fault of ours must end as "failed"
            code = secrets.token_hex(2).upper()
            log.exception("job failed by a fault of ours, code %s", code)
            self._end(
                RunDone(RunStatus.FAILED, Stats(), f"Something went wrong here. It is in the log as {code}."), code=code
            )

    def _end(self, done: RunDone, *, error: PlexgapError | None = None, code: str = "") -> None:
        with self._lock:
            self._snapshot = replace(
                self._snapshot,
                status=done.status,
                stats=done.stats,
                advice=done.advice,
                error=error,
                code=code,
                ended_at=self._now(),
                stopping=False,
                waiting=None,
                seconds_left=None,
            )

    def _fold(self, event: Event) -> None:
        with self._lock:
            self._snapshot = self._folded(self._snapshot, event)

    def _folded(self, snap: Snapshot, event: Event) -> Snapshot:
        match event:
            case RunStarted():
                return replace(snap, mode=event.mode)
            case PhaseStarted():
                self._phase = _Phase(event.phase)
                self._looks.clear()
                return replace(
                    snap,
                    phase=event.phase,
                    library="",
                    item="",
                    done=0,
                    total=0,
                    share=0.0,
                    seconds_left=None,
                    waiting=None,
                )
            case Total():
                return self._moved(snap, self._of(event.phase).moved(event.library, 0, event.total))
            case Progress():
                moved = self._moved(snap, self._of(event.phase).moved(event.library, event.done, event.total))
                return replace(moved, library=event.library, item=event.item, waiting=None)
            case Change():
                return replace(snap, changes=snap.changes + 1)
            case events.Warning():
                kept = (*snap.warnings, event)[-_WARNINGS_KEPT:]
                return replace(snap, warnings=kept, warning_count=snap.warning_count + 1)
            case RateLimited():
                return replace(snap, waiting=event)
            case _:
                return snap

    def _of(self, phase: Phase) -> _Phase:
        known = self._phase
        return known if known is not None and known.phase is phase else _Phase(phase)

    def _moved(self, snap: Snapshot, phase: _Phase) -> Snapshot:
        self._phase = phase
        done, total = (sum(one) for one in zip(*phase.parts.values(), strict=True))
        left = self._left(done, total) if phase.phase is not Phase.MIRROR else None
        return replace(snap, phase=phase.phase, done=done, total=total, share=phase.share, seconds_left=left)

    def _left(self, done: int, total: int) -> float | None:
        """Seconds left at the speed of the last ten seconds; None until there are two looks a second apart."""
        at = self._clock()
        looks = self._looks
        if not looks or done != looks[-1][1]:
            looks.append((at, done))
        while len(looks) > 2 and looks[1][0] < at - _SPEED_WINDOW_S:
            looks.popleft()
        (began, first), (_, last) = looks[0], looks[-1]
        if last <= first or at - began < 1:
            return None
        return (total - done) * (at - began) / (last - first)


RUNNER = Runner()
