"""The record of every run: when, by whom, how it ended, and what it met. Changes when a run has more to tell."""

# ruff: noqa: S608 - what is put into statements here are placeholders and our own pieces
from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from dataclasses import fields as fields_of
from datetime import UTC, datetime, timedelta
from typing import Any

from plexgap.domain import events
from plexgap.domain.events import Change, Event, RateLimited, RunStatus, Stats, fields
from plexgap.store.database import chunks, many
from plexgap.store.held import moment

CUT_OFF = "It was cut off before its end."
# Some 20 days of a check an hour; the events of a month, and in any case of the last 50 runs.
RUNS_KEPT = 500
_WITH_EVENTS = 50
_EVENTS_FOR = timedelta(days=30)
# A run that met more keeps its figures and its warnings, and the first so many of its changes.
CHANGES_KEPT = 5000
_BATCH_S = 1.0
_NAMES: Mapping[type[object], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields_of(kind)) for kind in (Change, events.Warning, Stats)
}
_ALL = "SELECT run_id, mode, started_by, status, started_at, finished_at, stats, advice FROM run"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `finished_at` None: it goes on; of one that was cut off, when it was heard of last. Times UTC."""

    run_id: int
    mode: str
    by: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    stats: Stats
    advice: str


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that a run met, and when, UTC."""

    at: datetime
    event: Change | events.Warning | RateLimited


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run with what it met, in the order it was told. `changes`: how many are on record, of which those of `noted`
    are the first. `unchecked`: how many titles it warned of, by what they are ("show")."""

    run: RunRow
    noted: tuple[Noted, ...]
    changes: int
    unchecked: Mapping[str, int]


class Recorder:
    """Keeps what a run meets while it runs, so that one that is killed has told what it did.

    `write` is called with what came in, at most once a second (`clock`), and never for nothing. What follows upon a
    second of silence is written at once.
    """

    def __init__(self, write: Callable[[Iterable[Event]], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._waiting: list[Event] = []
        self._written_at = clock() - _BATCH_S
        self._changes = 0

    def hear(self, event: Event) -> None:
        """Any event of the run. Those that are of passing interest are not kept."""
        if isinstance(event, Change):
            self._changes += 1
        if isinstance(event, events.Warning | RateLimited) or (
            isinstance(event, Change) and self._changes <= CHANGES_KEPT
        ):
            self._waiting.append(event)
        if self._waiting and self._clock() - self._written_at >= _BATCH_S:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._write(waiting)
            self._written_at = self._clock()


def begin(connection: sqlite3.Connection, mode: str, now: datetime, by: str) -> int:
    """The new run's number. A run that still says it goes on was cut off with its process: it is closed as stopped.

    What is too old to be told of any more leaves the record.
    """
    connection.execute(
        "UPDATE run SET status = ?, advice = ?, finished_at = coalesce("
        "(SELECT max(e.at) FROM run_event e WHERE e.run_id = run.run_id), started_at) WHERE status = ?",
        (RunStatus.STOPPED, CUT_OFF, RunStatus.RUNNING),
    )
    cursor = connection.execute(
        "INSERT INTO run (mode, started_by, status, started_at) VALUES (?, ?, ?, ?)",
        (mode, by, RunStatus.RUNNING, now.timestamp()),
    )
    _forget_old(connection, now)
    return int(cursor.lastrowid or 0)


def _forget_old(connection: sqlite3.Connection, now: datetime) -> None:
    nth = "SELECT run_id FROM run ORDER BY run_id DESC LIMIT 1 OFFSET ?"
    connection.execute(f"DELETE FROM run WHERE run_id <= ({nth})", (RUNS_KEPT,))
    connection.execute(
        f"DELETE FROM run_event WHERE run_id <= ({nth}) AND run_id IN (SELECT run_id FROM run WHERE started_at < ?)",
        (_WITH_EVENTS, (now - _EVENTS_FOR).timestamp()),
    )


def finish(
    connection: sqlite3.Connection, run_id: int, status: RunStatus, stats: Stats, advice: str, now: datetime
) -> None:
    connection.execute(
        "UPDATE run SET status = ?, finished_at = ?, stats = ?, advice = ? WHERE run_id = ?",
        (status, now.timestamp(), json.dumps(asdict(stats)), advice, run_id),
    )


def note_sections(connection: sqlite3.Connection, run_id: int, uuids: Iterable[str]) -> None:
    """The run saw these sections whole, whether or not anything in them had moved."""
    connection.execute("UPDATE run SET sections = ? WHERE run_id = ?", (json.dumps(sorted(uuids)), run_id))


def seen(connection: sqlite3.Connection) -> dict[str, datetime]:
    """When each section was last seen whole by a run, by uuid: when that run began."""
    rows = connection.execute(
        "SELECT sections, started_at FROM run WHERE sections <> '[]' ORDER BY run_id DESC LIMIT 100"
    ).fetchall()
    return {uuid: datetime.fromtimestamp(at, UTC) for text, at in reversed(rows) for uuid in json.loads(text)}


def last_whole(connection: sqlite3.Connection, section: int) -> int:
    """The last run that saw this section whole, whether or not anything in it had moved; 0 where none is on record."""
    (uuid,) = connection.execute("SELECT uuid FROM section WHERE section_id = ?", (section,)).fetchone()
    rows = connection.execute("SELECT run_id, sections FROM run WHERE sections <> '[]' ORDER BY run_id DESC")
    return next((int(run_id) for run_id, text in rows if uuid in json.loads(text)), 0)


def last_by(connection: sqlite3.Connection, moment_s: float) -> int:
    """The last run that began by that moment, in epoch seconds; 0 where none on record did."""
    question = "SELECT coalesce(max(run_id), 0) FROM run WHERE started_at <= ?"
    return int(connection.execute(question, (moment_s,)).fetchone()[0])


def last(connection: sqlite3.Connection, finished: bool) -> RunRow | None:
    where = "WHERE finished_at IS NOT NULL" if finished else ""
    row = connection.execute(f"{_ALL} {where} ORDER BY run_id DESC LIMIT 1").fetchone()
    return _run(row) if row else None


def recent(connection: sqlite3.Connection, limit: int, skipped: int = 0) -> tuple[RunRow, ...]:
    rows = connection.execute(f"{_ALL} ORDER BY run_id DESC LIMIT ? OFFSET ?", (limit, skipped))
    return tuple(map(_run, rows))


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM run").fetchone()[0])


def record(connection: sqlite3.Connection, run_id: int, told: Iterable[Event], now: datetime) -> None:
    """Append events to the run's record, as their JSON line carries them."""
    start = connection.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM run_event WHERE run_id = ?", (run_id,)
    ).fetchone()[0]
    connection.executemany(
        "INSERT INTO run_event VALUES (?, ?, ?, ?, ?)",
        [
            (run_id, place, now.timestamp(), type(event).__name__, json.dumps(fields(event)))
            for place, event in enumerate(told, start)
        ],
    )


def last_whole_end(connection: sqlite3.Connection) -> datetime | None:
    """When the last run ended that was neither stopped nor failed; None where none on record did."""
    row = connection.execute(
        "SELECT finished_at FROM run WHERE status IN (?, ?) ORDER BY run_id DESC LIMIT 1",
        (RunStatus.OK, RunStatus.PARTIAL),
    ).fetchone()
    return moment(row[0]) if row else None


def refused_by(connection: sqlite3.Connection, run_id: int) -> tuple[str, ...]:
    """The services that refused what the run asked of them, by name."""
    rows = connection.execute(
        "SELECT DISTINCT json_extract(fields, '$.title') FROM run_event "
        "WHERE run_id = ? AND event = 'Warning' AND json_extract(fields, '$.what') = 'service' ORDER BY 1",
        (run_id,),
    )
    return tuple(str(service) for (service,) in rows)


def of_id(connection: sqlite3.Connection, run_id: int) -> RunRow | None:
    row = connection.execute(f"{_ALL} WHERE run_id = ?", (run_id,)).fetchone()
    return _run(row) if row else None


def records(connection: sqlite3.Connection, found: Iterable[RunRow], most: int | None = None) -> tuple[RunRecord, ...]:
    """These runs with all they met, or of changes, of warnings and of waits the first `most` each. What a newer plexgap
    recorded and this one doesn't know is left out."""
    rows = tuple(found)
    met: dict[int, list[Noted]] = {run.run_id: [] for run in rows}
    changes: dict[int, int] = {}
    unchecked: dict[int, dict[str, int]] = {run.run_id: {} for run in rows}
    for some in chunks([*met]):
        those = f"FROM run_event WHERE run_id IN ({many(some)})"
        numbered = f"SELECT *, row_number() OVER (PARTITION BY run_id, event ORDER BY position) AS nth {those}"
        first = f"SELECT run_id, at, event, fields FROM ({numbered}) WHERE nth <= coalesce(?, nth)"
        for run_id, at, name, values in connection.execute(f"{first} ORDER BY run_id, position", (*some, most)):
            event = _event(name, json.loads(values))
            if event is not None:
                met[run_id].append(Noted(datetime.fromtimestamp(at, UTC), event))
        counted = f"SELECT run_id, count(*) {those} AND event = 'Change' GROUP BY run_id"
        changes.update(connection.execute(counted, some).fetchall())
        titles = (
            "json_extract(fields, '$.what'), "
            "count(DISTINCT coalesce(nullif(json_extract(fields, '$.title_id'), ''), json_extract(fields, '$.title')))"
        )
        for run_id, what, warned in connection.execute(
            f"SELECT run_id, {titles} {those} AND event = 'Warning' GROUP BY 1, 2", some
        ):
            unchecked[run_id][what] = warned
    return tuple(
        RunRecord(run, tuple(met[run.run_id]), changes.get(run.run_id, 0), unchecked[run.run_id]) for run in rows
    )


def _event(name: str, values: Mapping[str, Any]) -> Change | events.Warning | RateLimited | None:
    match name:
        case "Change":
            return Change(**_known(Change, values))
        case "Warning":
            return events.Warning(**_known(events.Warning, values))
        case "RateLimited":
            return RateLimited(values["service"], datetime.fromisoformat(values["until"]))
        case _:
            return None


def _known(kind: type[object], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that this kind has a field for: a record outlives the program that wrote it."""
    return {name: values[name] for name in _NAMES[kind] if name in values}


def latest_id(connection: sqlite3.Connection) -> int:
    """The number of the run that began last, 0 before the first."""
    return int(connection.execute("SELECT coalesce(max(run_id), 0) FROM run").fetchone()[0])


def _run(row: tuple[Any, ...]) -> RunRow:
    run_id, mode, by, status, started_at, finished_at, stats, advice = row
    return RunRow(
        run_id,
        mode,
        by,
        RunStatus(status),
        datetime.fromtimestamp(started_at, UTC),
        moment(finished_at),
        Stats(**_known(Stats, json.loads(stats))),
        advice,
    )
