"""The runs that were recorded, as they stand now. Changes when another thing tells whether a run goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plexgap.domain.events import RunStatus
from plexgap.store.index import Index, RunRecord
from plexgap.store.locks import is_scanning
from plexgap.store.runs import CUT_OFF, RunRow

_MOST = 100


def last_runs(index: Index, lock: Path, limit: int, skipped: int = 0) -> tuple[RunRecord, ...]:
    """The last runs, newest first, but for the `skipped` newest; of each the first hundred changes and warnings.
    `lock`: what a scan holds as long as it runs."""
    return tuple(_with_end(record, lock) for record in index.run_records(limit, _MOST, skipped))


def last_run(index: Index, lock: Path) -> RunRow | None:
    """The run that began last."""
    run = index.last_run(finished=False)
    return _as_it_stands(run, lock) if run is not None else None


def run(index: Index, lock: Path, run_id: int) -> RunRecord | None:
    """One run; None when it isn't known, or no longer."""
    record = index.run(run_id)
    return _with_end(record, lock) if record is not None else None


def _with_end(record: RunRecord, lock: Path) -> RunRecord:
    return replace(record, run=_as_it_stands(record.run, lock))


def _as_it_stands(run: RunRow, lock: Path) -> RunRow:
    """One that says it goes on while nobody scans was cut off with its process; the next scan will write that down."""
    if run.status is not RunStatus.RUNNING or is_scanning(lock):
        return run
    return replace(run, status=RunStatus.STOPPED, advice=CUT_OFF)
