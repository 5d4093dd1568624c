"""The person's hand on a job: stop, pause, go on. Changes when a job can be held in another way.

A pause is kept by whoever is about to do something: every request before it is sent, every loop before its next step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from threading import Event as Signal

from plexgap.domain.errors import Cancelled


class Brake(threading.Event):
    """A job's `stop`, as an Event is one, that can be paused too. Setting it ends a pause: what is held goes on to its
    stop. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        self._paused_at: float | None = None
        self._paused_s = 0.0

    @property
    def paused_s(self) -> float:
        """How long it was paused so far, in all; the present pause included."""
        with self._lock:
            return self._paused_s + (0.0 if self._paused_at is None else self._clock() - self._paused_at)

    @property
    def going_at(self) -> float:
        """The moment by `clock`, pauses left out: it stands still in one."""
        with self._lock:
            return (self._clock() if self._paused_at is None else self._paused_at) - self._paused_s

    def pause(self) -> None:
        """From here on nothing new is begun. One that is stopped stays so."""
        with self._lock:
            if self._paused_at is None and not self.is_set():
                self._paused_at = self._clock()
                self._going.clear()

    def go_on(self) -> None:
        with self._lock:
            if self._paused_at is not None:
                self._paused_s += self._clock() - self._paused_at
                self._paused_at = None
                self._going.set()

    def set(self) -> None:
        super().set()
        self.go_on()

    def hold(self) -> None:
        """Returns at once, or when a pause ends: by going on, or by a stop."""
        self._going.wait()


def hold(stop: Signal) -> None:
    """Waits out a pause. An Event that is no Brake is never paused."""
    if isinstance(stop, Brake):
        stop.hold()


def pass_by(stop: Signal) -> None:
    """Where something new begins: waits out a pause, and raises Cancelled once `stop` is set."""
    hold(stop)
    if stop.is_set():
        raise Cancelled


def paused_s(stop: Signal) -> float:
    """How many seconds of the job were a pause: they count in nothing that is measured."""
    return stop.paused_s if isinstance(stop, Brake) else 0.0


def going_at(stop: Signal) -> float:
    """The moment in seconds, for what is measured: it stands still in a pause."""
    return time.monotonic() - paused_s(stop)
