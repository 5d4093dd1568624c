"""What a running check shows on standard error: changes and warnings, on a terminal above a bar; or JSON lines.

Changes when progress is told in another way. Names and fields of the JSON lines: design/interface.md 5, mirror.md 7.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any, Protocol, TextIO

from plexgap.cli.exits import Exit
from plexgap.cli.output import one_line, say
from plexgap.domain import events
from plexgap.domain.events import Event, fields
from plexgap.jobs.course import Course
from plexgap.jobs.speed import Speed
from plexgap.views.changes import change_lines
from plexgap.views.export import moment_text
from plexgap.views.runs import warning_line
from plexgap.views.words import about, number

_CLEAR_LINE = "\r\033[K"
_BAR_CELLS = 20
_USUAL_WIDTH = 80
MOST_LINES = 40
_PHASES = {events.Phase.MIRROR: "Reading Plex", events.Phase.COMPARE: "Comparing", events.Phase.FILMS: "Collections"}


class Listener(Protocol):
    """Is told every event of a run, then that it is over."""

    def hear(self, event: Event) -> None: ...
    def close(self) -> None: ...


class Silent:
    """-q: nobody listens."""

    def hear(self, event: Event) -> None:
        return

    def close(self) -> None:
        return


class Gathered:
    """Changes until something else is heard, so that those which belong together are told together.

    `most` lines at a time, and how many changes more; None: every one.
    """

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._changes: list[events.Change] = []

    def take(self, event: Event) -> tuple[str, ...]:
        """The lines that are due before this event is told."""
        if isinstance(event, events.Change):
            self._changes.append(event)
            return ()
        return self.rest()

    def rest(self) -> tuple[str, ...]:
        if not self._changes:
            return ()
        changes, self._changes = self._changes, []
        lines = change_lines(changes)
        if self._most is None or len(lines) <= self._most:
            return lines
        return (*lines[: self._most], f"... and {number(len(lines) - self._most)} more lines of changes (-v for all)")


class Plain:
    """Changes and warnings as sentences, for a log or a mail. `most` lines of changes at a time; None: all."""

    def __init__(self, most: int | None = MOST_LINES) -> None:
        self._gathered = Gathered(most)

    def hear(self, event: Event) -> None:
        self._tell(self._gathered.take(event))
        if isinstance(event, events.Warning):
            self._tell([warning_line(event)])
        elif isinstance(event, events.RateLimited):
            self._tell([f"{event.service} asks to wait until {event.until:%H:%M:%S} UTC."])

    def close(self) -> None:
        self._tell(self._gathered.rest())

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            say(one_line(line))


class Bar:
    """One line that is drawn over itself; changes and warnings stand above it. `width` in cells is asked before each
    drawing."""

    def __init__(self, stream: TextIO, width: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._width = width
        self._drawn = ""
        self._gathered = Gathered(MOST_LINES)
        self._clock = clock
        self._course, self._speed = Course(events.Phase.MIRROR), Speed()

    def hear(self, event: Event) -> None:
        self._above(self._gathered.take(event))
        match event:
            case events.PhaseStarted():
                self._course, self._speed = Course(event.phase), Speed()
                self._draw(f"{_PHASES[event.phase]} ...")
            case events.Total():
                self._move(event)
            case events.Progress():
                self._move(event)
                self._draw(self._line(event))
            case events.Warning():
                self._above([warning_line(event)])
            case events.RateLimited():
                self._draw(f"{event.service} asks to wait until {event.until:%H:%M:%S} UTC ...")
            case _:
                return

    def close(self) -> None:
        self._above(self._gathered.rest())
        self._draw("")

    def _move(self, event: events.Total | events.Progress) -> None:
        self._course = self._course.moved(event)
        self._speed.moved(self._clock(), self._course.done)

    def _line(self, event: events.Progress) -> str:
        """The bar is of the whole phase, the count of the library it is at."""
        course = self._course
        filled = round(course.share * _BAR_CELLS)
        bar = f"[{'#' * filled}{'.' * (_BAR_CELLS - filled)}]"
        seconds = self._speed.seconds_left(self._clock(), max(0, course.total - course.done))
        left = f", {about(seconds)} left" if seconds else ""
        at = ": ".join(part for part in (_PHASES[event.phase], course.place(event.library), event.item) if part)
        return f"{bar} {event.done}/{event.total}{left} {at}"

    def _above(self, sentences: Sequence[str]) -> None:
        if not sentences:
            return
        kept = self._drawn
        self._draw("")
        for sentence in sentences:
            say(one_line(sentence))
        self._draw(kept)

    def _draw(self, line: str) -> None:
        if line == self._drawn:
            return
        fitting = one_line(line)[: max(10, self._width() - 1)]
        self._stream.write(f"{_CLEAR_LINE}{fitting}")
        self._stream.flush()
        self._drawn = line


class AboveTheBar(logging.StreamHandler[TextIO]):
    """Log lines on a terminal: each takes the place of a bar that may stand there, which its next step draws again.

    A record is one line, whatever its titles hold; only a traceback has more.
    """

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if record.exc_info else one_line(text)

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream.isatty():
            self.stream.write(_CLEAR_LINE)
        super().emit(record)


class JsonLines:
    """One JSON object a line. `run` gives the run's number once the index knows it: none before it has started."""

    def __init__(self, run: Callable[[], int | None], now: Callable[[], datetime]) -> None:
        self._run = run
        self._now = now
        self._number: int | None = None

    def hear(self, event: Event) -> None:
        if self._number is None and not isinstance(event, events.Warning):
            self._number = self._run()
        values: dict[str, Any] = fields(event)
        name = values.pop("event")
        say(json.dumps({"event": name, "at": moment_text(self._now()), "run": self._number, **values}))

    def close(self) -> None:
        return


def terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH  # some terminals say 0
    except (OSError, ValueError):
        return _USUAL_WIDTH


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C, or the system's wish to end, sets; a second Ctrl-C ends the program on the spot.

    Outside the main thread, where signals don't arrive, nobody sets it.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(Exit.STOPPED)
        stop.set()
        say("\nStopping. What is done so far is kept; press Ctrl-C again to end at once.")

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
