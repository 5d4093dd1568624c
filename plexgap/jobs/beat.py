"""How often a stream of events tells of progress. Changes with that pace alone. Source: design/mirror.md 7."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from plexgap.domain.events import Event, PhaseDone, PhaseStarted, Progress, RunDone

# With the last word of up to three phases these are ten a second at most.
_BEAT_S = 0.15


def at_most_ten_a_second(stream: Iterator[Event], clock: Callable[[], float] = time.monotonic) -> Iterator[Event]:
    """The stream with fewer Progress: the last one before a phase or the run ends is always told, in its place."""
    next_at = clock()
    untold: Progress | None = None
    for event in stream:
        if isinstance(event, Progress):
            now = clock()
            untold = event if now < next_at else None
            if untold is not None:
                continue
            next_at = now + _BEAT_S
        elif isinstance(event, PhaseDone | PhaseStarted | RunDone) and untold is not None:
            yield untold
            untold = None
        yield event
