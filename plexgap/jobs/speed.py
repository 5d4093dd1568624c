"""How fast a job goes, smoothed over ten seconds, and how long what is left will take. Changes when that is reckoned
otherwise. Source: design/mirror.md 7.
"""

from __future__ import annotations

from collections import deque

SAMPLES = 60
_WINDOW_S = 10.0
_EARLY_S = 1.0


class Speed:
    """Items a second of one phase. Moments are seconds in which the job was not paused; they never go back."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()
        self._samples: deque[float] = deque(maxlen=SAMPLES)
        self._next_at: float | None = None

    def moved(self, at: float, done: int) -> None:
        """So much is done by then."""
        self.sample(at)
        if not self._looks:
            self._next_at = at + 1
        if not self._looks or done != self._looks[-1][1]:
            self._looks.append((at, done))

    def at(self, moment: float) -> float:
        """Items a second over the last ten seconds, or over the last two steps where these took longer; 0 in the first
        second."""
        looks = self._looks
        while len(looks) > 2 and looks[1][0] <= moment - _WINDOW_S:
            looks.popleft()
        if not looks or moment - looks[0][0] < _EARLY_S:
            return 0.0
        return max(0, looks[-1][1] - looks[0][1]) / (moment - looks[0][0])

    def seconds_left(self, moment: float, left: int) -> float | None:
        """What `left` items will take at this speed; None: it is too early to say."""
        speed = self.at(moment)
        return left / speed if speed else None

    def sample(self, moment: float) -> tuple[float, ...]:
        """The speed at every whole second so far, the last minute of it, oldest first."""
        if self._next_at is not None:
            self._next_at = max(self._next_at, moment - SAMPLES)
            while self._next_at <= moment:
                self._samples.append(self.at(self._next_at))
                self._next_at += 1
        return tuple(self._samples)
