"""One background job a process: start, pause, go on, cancel, and a snapshot that any number of pages read.

Changes when jobs are started, held, stopped or told about in another way. Knows events, not what makes them.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
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
from plexgap.jobs.course import Course
from plexgap.jobs.speed import Speed
from plexgap.jobs.told import Heard, Told, Wait
from plexgap.sources.brake import Brake

log = logging.getLogger(__name__)

Job = Callable[[Brake], Iterator[Event]]
Counts = Callable[[], Mapping[str, int]]
_WARNINGS_KEPT = 50
_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of the present job, or of the last one. Replaced whole, never changed.

    `number` grows with every job, so that a page notices one that began and ended between two looks.
    `status` None: no job yet. `done`, `total`: of the present phase, over all its libraries; `share` of the phase, 0
    to 1, never goes back. `library` and `item` are what it is at, `place` says "TV Shows (1/3)". `seconds` it has run,
    pauses left out. `speed` in items a second; `speeds` the same at each of its last 60 seconds in this phase, oldest
    first. `seconds_left` of the phase; None: too early to say. `phase_seconds` it has lasted. `requests` by service so
    far; `unasked` titles about which nothing had to be asked. `waiting_for`: what it waits for before it begins;
    `waits`: when services slowed it down. `part`: how much is done of the present library, of how much.
    `error`: why it failed; `code`: where in the log, when the fault is ours.
    """

    number: int = 0
    status: RunStatus | None = None
    mode: str = ""
    by: str = ""
    stopping: bool = False
    paused: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    phase: Phase | None = None
    library: str = ""
    place: str = ""
    item: str = ""
    done: int = 0
    total: int = 0
    part: tuple[int, int] = (0, 0)
    share: float = 0.0
    changes: int = 0
    warnings: tuple[events.Warning, ...] = ()
    warning_count: int = 0
    waiting: RateLimited | None = None
    waiting_for: str = ""
    waits: tuple[Wait, ...] = ()
    seconds: float = 0.0
    speed: float = 0.0
    speeds: tuple[float, ...] = ()
    seconds_left: float | None = None
    phase_seconds: float = 0.0
    requests: Mapping[str, int] = field(default_factory=lambda: _NONE)
    unasked: int = 0
    stats: Stats | None = None
    advice: str = ""
    error: PlexgapError | None = None
    code: str = ""

    @property
    def running(self) -> bool:
        return self.status is RunStatus.RUNNING


class Runner:
    """Runs one job at a time on a thread of its own. Thread-safe. The thread knows nothing of any page."""

    def __init__(
        self, now: Callable[[], datetime] = lambda: datetime.now(UTC), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._now, self._clock = now, clock
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._brake = Brake(clock)
        self._counts: Counts | None = None
        self._unasked: Callable[[], int] = int
        self._told = Told()
        self._thread: threading.Thread | None = None
        self._course = Course(Phase.MIRROR)
        self._began = self._phase_began = 0.0
        self._speed = Speed()

    @property
    def snapshot(self) -> Snapshot:
        with self._lock:
            return self._measured(self._snapshot) if self._snapshot.running else self._snapshot

    def start(self, job: Job, *, mode: str = "", by: str = "") -> bool:
        """Start the job; False when one runs already, which then goes on untouched."""
        with self._lock:
            if self._snapshot.running:
                return False
            self._brake = Brake(self._clock)
            self._counts, self._unasked = None, int
            self._told = Told()
            self._course = Course(Phase.MIRROR)
            self._began = self._phase_began = self._clock()
            self._speed = Speed()
            number = self._snapshot.number + 1
            self._snapshot = Snapshot(number=number, status=RunStatus.RUNNING, mode=mode, by=by, started_at=self._now())
            self._thread = threading.Thread(
                target=self._run, args=(job, self._brake), name=f"job-{number}", daemon=True
            )
            self._thread.start()
        return True

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What the present job, or the last one, told lately, newest first."""
        with self._lock:
            return self._told.heard

    def count_by(self, counts: Counts, unasked: Callable[[], int] = int) -> None:
        """From here on the snapshot asks these how many requests the job has made of each service, and about how many
        titles nothing had to be asked."""
        with self._lock:
            self._counts, self._unasked = counts, unasked

    def pause(self) -> None:
        """Hold the present job: it begins nothing new until it goes on or is stopped."""
        with self._lock:
            if self._snapshot.running and not self._snapshot.stopping:
                self._brake.pause()
                self._snapshot = replace(self._snapshot, paused=True)

    def go_on(self) -> None:
        """Let a paused job go on where it was."""
        with self._lock:
            self._brake.go_on()
            self._snapshot = replace(self._snapshot, paused=False)

    def cancel(self) -> None:
        """Ask the present job to stop, a paused one too; it ends within a second. Nothing happens when none runs."""
        with self._lock:
            if self._snapshot.running:
                self._brake.set()
                self._snapshot = replace(self._snapshot, stopping=True, paused=False)

    def forget(self) -> None:
        """Forget the last job's outcome, as when another library is opened. Nothing happens while one runs."""
        with self._lock:
            if not self._snapshot.running:
                self._snapshot = Snapshot(number=self._snapshot.number + 1)
                self._told = Told()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the present job to end; False when it still runs."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return not self.snapshot.running

    def _run(self, job: Job, brake: Brake) -> None:
        ended: RunDone | None = None
        try:
            for event in job(brake):
                brake.hold()
                if isinstance(event, RunDone):
                    ended = event
                else:
                    self._fold(event)
            self._end(ended or RunDone(RunStatus.STOPPED if brake.is_set() else RunStatus.OK, Stats()))
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
                self._measured(self._snapshot),
                status=done.status,
                stats=done.stats,
                advice=done.advice,
                error=error,
                code=code,
                ended_at=self._now(),
                stopping=False,
                paused=False,
                waiting=None,
                waiting_for="",
                seconds_left=None,
            )
            self._counts = None

    def _fold(self, event: Event) -> None:
        with self._lock:
            self._told.hear(event, self._now())
            self._snapshot = self._folded(self._snapshot, event)

    def _folded(self, snap: Snapshot, event: Event) -> Snapshot:
        match event:
            case RunStarted():
                return replace(snap, mode=event.mode, waiting_for="")
            case PhaseStarted():
                self._course = Course(event.phase)
                self._speed = Speed()
                self._phase_began = self._brake.going_at
                return replace(
                    snap,
                    phase=event.phase,
                    library="",
                    place="",
                    item="",
                    done=0,
                    total=0,
                    part=(0, 0),
                    share=0.0,
                    waiting=None,
                )
            case Total():
                return self._moved(snap, event)
            case Progress():
                moved = self._moved(snap, event)
                share = max(snap.share, self._course.share)
                place = self._course.place(event.library)
                return replace(
                    moved,
                    share=share,
                    library=event.library,
                    place=place,
                    part=(event.done, event.total),
                    item=event.item,
                    waiting=None,
                )
            case Change():
                return replace(snap, changes=snap.changes + 1)
            case events.Warning():
                if snap.phase is None and event.what == "run":
                    return replace(snap, waiting_for=event.reason)
                kept = (*snap.warnings, event)[-_WARNINGS_KEPT:]
                return replace(snap, warnings=kept, warning_count=snap.warning_count + 1)
            case RateLimited():
                return replace(snap, waiting=event, waits=self._told.waits)
            case _:
                return snap

    def _moved(self, snap: Snapshot, event: Total | Progress) -> Snapshot:
        self._course = course = self._course.moved(event)
        self._speed.moved(self._brake.going_at, course.done)
        return replace(snap, phase=course.phase, done=course.done, total=course.total)

    def _measured(self, snap: Snapshot) -> Snapshot:
        """With what moves between two events."""
        at, speed = self._brake.going_at, self._speed
        return replace(
            snap,
            seconds=at - self._began,
            phase_seconds=at - self._phase_began,
            speed=speed.at(at),
            speeds=speed.sample(at),
            seconds_left=speed.seconds_left(at, max(0, snap.total - snap.done)),
            requests=MappingProxyType(dict(self._counts())) if self._counts is not None else snap.requests,
            unasked=self._unasked() if self._counts is not None else snap.unasked,
        )


RUNNER = Runner()
