"""The knobs of the demo servers: faults, latency, and the log of requests. No fault is on by default.

Changes when a server can fail in a new way.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from plexgap.domain.errors import PlexgapError

_LOG_LENGTH = 100_000
_HANG_S = 120.0
_SECRETS = re.compile(r"(?i)((?:x-plex-token|api_key|token|apikey|pin)=)[^&\s]+")


class BadKnob(PlexgapError):
    """A knob was asked for something it can't do; the sentence says what it can."""


class FaultKind(StrEnum):
    """How an answer fails. STATUS answers with `status` instead; REFUSE closes the port."""

    STATUS = "status"
    HANG = "hang"
    CUT_OFF = "cut_off"
    HTML = "html"
    RESET = "reset"
    REFUSE = "refuse"


@dataclass(slots=True, eq=False)
class Fault:
    """A fault for requests whose path and query match `pattern`, the next `count` of them; None: until cleared.

    `retry_after`: the header as it is sent, seconds or an HTTP date. `status` 401, 429, 500, 503 or any other.
    A hanging request is let go by `Knobs.clear`, at the latest after two minutes. `skip`: so many matching requests
    are answered well first.
    """

    kind: FaultKind
    pattern: str = ""
    count: int | None = 1
    status: int = 500
    retry_after: str | None = None
    skip: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> None:
        """Waits until the fault is cleared."""
        self.let_go.wait(_HANG_S)


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as it was answered. `path` with its query, secrets left out. `fault`: which one it met, or ""."""

    method: str
    path: str
    status: int
    conditional: bool
    fault: str = ""


class Knobs:
    """The knobs of one server. Safe to turn while it answers."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._lock = threading.Lock()
        self._latency_s = 0.0
        self._faults: list[Fault] = []
        self._log: deque[Logged] = deque(maxlen=_LOG_LENGTH)
        self._logged = threading.Condition()

    @property
    def latency_s(self) -> float:
        return self._latency_s

    def set_latency(self, seconds: float) -> None:
        """Every answer comes so much later."""
        if not 0 <= seconds <= 60:
            raise BadKnob("A latency is 0 to 60 seconds.")
        self._latency_s = seconds

    def add(
        self,
        kind: FaultKind | str,
        pattern: str = "",
        *,
        count: int | None = 1,
        status: int = 500,
        retry_after: str | None = None,
        skip: int = 0,
    ) -> Fault:
        """Turns a fault on; `pattern` is a regular expression searched for in path and query ("" meets everything)."""
        if status not in frozenset(HTTPStatus):
            raise BadKnob(f"There is no HTTP status {status}.")
        try:
            re.compile(pattern)
        except re.error as error:
            raise BadKnob(f"The pattern {pattern!r} is no regular expression: {error}.") from None
        fault = Fault(FaultKind(kind), pattern, count, status, retry_after, skip)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Turns every fault off and lets hanging requests go."""
        with self._lock:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.let_go.set()

    def meet(self, path: str) -> Fault | None:
        """The fault that this request meets, taken from its count."""
        with self._lock:
            for fault in self._faults:
                if (fault.count is None or fault.count > 0) and re.search(fault.pattern, path):
                    if fault.skip:
                        fault.skip -= 1
                        return None
                    if fault.count is not None:
                        fault.count -= 1
                    return fault
        return None

    def log(self, entry: Logged) -> None:
        with self._logged:
            self._log.append(entry)
            self._logged.notify_all()

    def wait_for(self, count: int, within_s: float) -> bool:
        """Waits until so many requests were answered since the last `forget`; False when they were not within that."""
        with self._logged:
            return self._logged.wait_for(lambda: len(self._log) >= count, within_s)

    @property
    def requests(self) -> tuple[Logged, ...]:
        """Every request since the last `forget`, at most the last 100,000. Requests to knobs are not among them."""
        return tuple(self._log)

    @property
    def count(self) -> int:
        return len(self._log)

    def matching(self, pattern: str) -> tuple[Logged, ...]:
        """The requests whose path and query match."""
        return tuple(entry for entry in self.requests if re.search(pattern, entry.path))

    def statuses(self) -> Mapping[int, int]:
        """How many requests ended with which status; 0 where no whole answer was sent."""
        return Counter(entry.status for entry in self.requests)

    def forget(self) -> None:
        """Empties the log."""
        self._log.clear()


def without_secrets(path: str) -> str:
    """Path and query as they may be kept."""
    return _SECRETS.sub(r"\1...", path)
