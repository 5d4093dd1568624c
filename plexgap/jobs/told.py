"""What a running job has told lately, and how long it had to wait. Changes when a page is told more of a running job.

What it met is in its record as well (store/runs.py); what it is at is kept here alone, for as long as it runs.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from plexgap.domain import events
from plexgap.domain.events import Change, Event, PhaseDone, PhaseStarted, Progress, RateLimited, Total

MOST = 200
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Heard:
    """One event, when it was told (UTC), and the how manieth it was."""

    number: int
    at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Wait:
    """How often a service asked us to slow down, until when at last, and for how long in all; what is still ahead of
    it counts as waited."""

    service: str
    times: int
    until: datetime
    length: timedelta


class Told:
    """Keeps the latest of each sort, so that steps never push a warning out. Used under its owner's lock."""

    def __init__(self) -> None:
        self._number = 0
        self._changes: deque[Heard] = deque(maxlen=MOST)
        self._warnings: deque[Heard] = deque(maxlen=MOST)
        self._steps: deque[Heard] = deque(maxlen=MOST)
        self._waits: dict[str, Wait] = {}

    def hear(self, event: Event, at: datetime) -> None:
        kept = self._kept(event)
        if kept is not None:
            self._number += 1
            kept.append(Heard(self._number, at, event))
        if isinstance(event, RateLimited):
            self._wait(event, at)

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Newest first, at most `MOST` changes, warnings and steps each."""
        every = (*self._changes, *self._warnings, *self._steps)
        return tuple(sorted(every, key=lambda one: one.number, reverse=True))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """By service, in the order they first asked for one."""
        return tuple(self._waits.values())

    def _kept(self, event: Event) -> deque[Heard] | None:
        match event:
            case Change():
                return self._changes
            case events.Warning() | RateLimited():
                return self._warnings
            case PhaseStarted() | PhaseDone():
                return self._steps
            case Total() if event.library:
                return self._steps
            case Progress() if event.item:
                return self._steps
            case _:
                return None

    def _wait(self, event: RateLimited, at: datetime) -> None:
        """Several threads are held up by one and the same wait: what overlaps counts once."""
        before = self._waits.get(event.service)
        if before is None:
            self._waits[event.service] = Wait(event.service, 1, event.until, max(_NONE, event.until - at))
            return
        again = event.until - max(at, before.until)
        self._waits[event.service] = Wait(
            event.service,
            before.times + (at >= before.until),
            max(before.until, event.until),
            before.length + max(_NONE, again),
        )
