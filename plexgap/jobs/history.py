"""The runs that were recorded, as they stand now. Changes when another thing tells whether a run goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plexgap.domain.events import RunStatus
from plexgap.store.index import Index, RunRecord
from plexgap.store.locks import is_scanning
from plexgap.store.runs import CUT_OFF

_CHANGES = 100


def last_runs(index: Index, lock: Path, limit: int) -> tuple[RunRecord, ...]:
    """The last runs, newest first, with their warnings and the first hundred changes of each. `lock`: what a scan holds
    as long as it runs."""
    return tuple(_as_it_stands(record, lock) for record in index.run_records(limit, _CHANGES))


def run(index: Index, lock: Path, run_id: int) -> RunRecord | None:
    """One run; None when it isn't known, or no longer."""
    record = index.run(run_id)
    return _as_it_stands(record, lock) if record is not None else None


def _as_it_stands(record: RunRecord, lock: Path) -> RunRecord:
    """One that says it goes on while nobody scans was cut off with its process; the next scan will write that down."""
    if record.run.status is not RunStatus.RUNNING or is_scanning(lock):
        return record
    return replace(record, run=replace(record.run, status=RunStatus.STOPPED, advice=CUT_OFF))
