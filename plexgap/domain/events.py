"""What a running job tells the world: one stream that the bar, `--json-events`, the pages and the run's record share.

Names and fields: design/mirror.md 7. `fields()` gives an event as the JSON line carries it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum


class RunStatus(StrEnum):
    """How a run ended. `partial`: some lookup failed or a removal is held back; never dressed as `ok`."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    STOPPED = "stopped"
    FAILED = "failed"


class Phase(StrEnum):
    MIRROR = "mirror"
    COMPARE = "compare"
    FILMS = "films"


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of one run. `requests` by service, `phases` seconds by phase; `cache_hits` titles not asked about. Pauses
    count in no seconds.

    Of the `titles` (shows and films of the libraries in scope) `read` were read anew in Plex;
    `skipped` were not, as nothing said that they had moved.
    """

    seconds: float = 0.0
    shows: int = 0
    episodes_held: int = 0
    movies_held: int = 0
    requests: dict[str, int] = field(default_factory=dict)
    cache_hits: int = 0
    retries: int = 0
    rows_written: int = 0
    changes: int = 0
    titles: int = 0
    read: int = 0
    skipped: int = 0
    phases: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunStarted:
    mode: str


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    phase: Phase


@dataclass(frozen=True, slots=True)
class Total:
    """Known before the walk, from what the service announced."""

    phase: Phase
    library: str
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` of a phase; `item` is what it is at, a title as it stands in Plex."""

    phase: Phase
    library: str
    item: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: added, updated, upgraded, moved, removed, restored; `what`: movie, show, season, episode,
    collection."""

    kind: str
    what: str
    title: str
    season: int | None = None
    episode: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the stream's own word (design/mirror.md 7)
    """Something is unknown, and why: `reason` is a sentence for the person. `title_id` tells titles of one name apart;
    "" where it is of no title, and in older records."""

    what: str
    title: str
    reason: str
    title_id: str = ""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """The service asked us to wait until then."""

    service: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PhaseDone:
    phase: Phase
    seconds: float


@dataclass(frozen=True, slots=True)
class RunDone:
    """`next_due`: when the schedule starts the next one; None while nothing is scheduled."""

    status: RunStatus
    stats: Stats
    advice: str = ""
    next_due: datetime | None = None


Event = RunStarted | PhaseStarted | Total | Progress | Change | Warning | RateLimited | PhaseDone | RunDone


def fields(event: Event) -> dict[str, object]:
    """The event's name and fields, ready for JSON; times as ISO 8601."""
    values = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(event).items()
    }
    return {"event": type(event).__name__, **values}
