"""How fast a service is asked and how long we wait for it. Changes when the rules of waiting change.

Every wait ends at once when the person stops the check.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from plexgap.domain.errors import Busy, Cancelled

# A short burst is allowed, so that a single title's two or three requests need not queue.
_BURST_S = 0.25


class Pacing:
    """The turns of all threads that ask one service: a token bucket, and one pause for all when it asks for one.

    `requests_per_second` 0: no limit. `clock` counts seconds; `wait(seconds)` sleeps and says whether the person
    stopped it, as `Event.wait` does; `pass_by` waits as long as the person has paused it, and raises Cancelled.
    """

    def __init__(
        self,
        service: str,
        requests_per_second: float,
        clock: Callable[[], float],
        wait: Callable[[float], bool],
        pass_by: Callable[[], None] = lambda: None,
    ) -> None:
        self._service = service
        self._rate = requests_per_second
        self._most_tokens = max(1.0, requests_per_second * _BURST_S)
        self._clock = clock
        self._wait = wait
        self._pass_by = pass_by
        self._lock = threading.Lock()
        self._tokens = self._most_tokens
        self._counted_at = clock()
        self._not_before = self._counted_at

    def turn(self, patience_s: float) -> float:
        """Comes back when this thread may ask; how many seconds of it were a pause that the service asked for.

        Waiting for a token is our own choice and doesn't count, nor does a pause of the person's. Raises Busy instead
        of pausing longer than `patience_s`, and Cancelled.
        """
        paused = 0.0
        while True:
            self._pass_by()
            with self._lock:
                pause = self._not_before - self._clock()
                delay = pause if pause > 0 else self._take_token()
            if delay <= 0:
                return paused
            if pause > 0:
                if paused + pause > patience_s:
                    raise Busy(self._service, f"asks to wait {pause:.0f} seconds", retry_after_s=pause)
                paused += pause
            if self._wait(delay):
                raise Cancelled

    def pause(self, seconds: float) -> bool:
        """Nobody asks before that many seconds are over; True when no pause was on already."""
        with self._lock:
            now = self._clock()
            is_new = self._not_before <= now
            self._not_before = max(self._not_before, now + seconds)
            return is_new

    def _take_token(self) -> float:
        """0 when there was one; else in how many seconds there will be."""
        if self._rate <= 0:
            return 0.0
        now = self._clock()
        self._tokens = min(self._most_tokens, self._tokens + (now - self._counted_at) * self._rate)
        self._counted_at = now
        # The bucket fills in small steps of binary fractions: a token that lacks a billionth is one.
        if self._tokens > 1 - 1e-9:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


class Outage:
    """Whether a service has gone down, so that a check of 300 titles doesn't wait out three tries for each.

    Down: ten requests in a row used up all their tries, or three did over a minute (a service that hangs).
    Any answer at all, a refusal included, says that it is there.
    """

    IN_A_ROW = 10
    IN_A_ROW_SLOWLY = 3
    SLOWLY_S = 60.0

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._since: float | None = None
        self._down = False

    @property
    def is_on(self) -> bool:
        """Once on, it stays on."""
        return self._down

    def answered(self) -> None:
        with self._lock:
            self._failed = 0
            self._since = None

    def failed(self, began: float) -> None:
        """A request that began then (by `clock`) used up its tries."""
        with self._lock:
            self._failed += 1
            self._since = began if self._since is None else min(self._since, began)
            slowly = self._failed >= self.IN_A_ROW_SLOWLY and self._clock() - self._since >= self.SLOWLY_S
            if self._failed >= self.IN_A_ROW or slowly:
                self._down = True
