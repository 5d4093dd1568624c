"""The record of every run: when, by whom, how it ended, and what it met. Changes when a run has more to tell."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from plexgap.domain.events import Event, RunStatus, Stats, fields
from plexgap.store.held import moment

_ALL = "SELECT run_id, mode, started_by, status, started_at, finished_at, stats, advice FROM run"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `finished_at` None: it goes on. Times UTC."""

    run_id: int
    mode: str
    by: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    stats: Stats
    advice: str


def begin(connection: sqlite3.Connection, mode: str, now: datetime, by: str) -> int:
    """The new run's number. A run that still says it goes on was cut off with its process: it is closed as stopped."""
    connection.execute(
        "UPDATE run SET status = ?, finished_at = ?, advice = ? WHERE status = ?",
        (RunStatus.STOPPED, now.timestamp(), "It was cut off before its end.", RunStatus.RUNNING),
    )
    cursor = connection.execute(
        "INSERT INTO run (mode, started_by, status, started_at) VALUES (?, ?, ?, ?)",
        (mode, by, RunStatus.RUNNING, now.timestamp()),
    )
    return int(cursor.lastrowid or 0)


def finish(
    connection: sqlite3.Connection, run_id: int, status: RunStatus, stats: Stats, advice: str, now: datetime
) -> None:
    connection.execute(
        "UPDATE run SET status = ?, finished_at = ?, stats = ?, advice = ? WHERE run_id = ?",
        (status, now.timestamp(), json.dumps(asdict(stats)), advice, run_id),
    )


def started(connection: sqlite3.Connection, run_id: int) -> datetime | None:
    row = connection.execute("SELECT started_at FROM run WHERE run_id = ?", (run_id,)).fetchone()
    return moment(row[0]) if row else None


def last(connection: sqlite3.Connection, finished: bool) -> RunRow | None:
    where = "WHERE finished_at IS NOT NULL" if finished else ""
    row = connection.execute(f"{_ALL} {where} ORDER BY run_id DESC LIMIT 1").fetchone()
    return _run(row) if row else None


def recent(connection: sqlite3.Connection, limit: int) -> tuple[RunRow, ...]:
    return tuple(_run(row) for row in connection.execute(f"{_ALL} ORDER BY run_id DESC LIMIT ?", (limit,)))


def record(connection: sqlite3.Connection, run_id: int, events: Iterable[Event], now: datetime) -> None:
    """Append events to the run's record, as their JSON line carries them."""
    start = connection.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM run_event WHERE run_id = ?", (run_id,)
    ).fetchone()[0]
    connection.executemany(
        "INSERT INTO run_event VALUES (?, ?, ?, ?, ?)",
        [
            (run_id, place, now.timestamp(), type(event).__name__, json.dumps(fields(event)))
            for place, event in enumerate(events, start)
        ],
    )


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
        Stats(**json.loads(stats)),
        advice,
    )
