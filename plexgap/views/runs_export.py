"""Runs for other programs: JSON and CSV. Changes when that promise grows; every key and column is always present."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from plexgap.domain import events
from plexgap.domain.events import Change, Phase, RateLimited, fields
from plexgap.store.runs import Noted, RunRecord
from plexgap.views.export import VERSION, harmless, moment_text
from plexgap.views.runs import SERVICES, has_titles

_FIGURES = ("titles", "read", "skipped", "changes", "rows_written", "cache_hits", "retries")
RUN_COLUMNS = (
    *("run", "started_at", "finished_at", "mode", "by", "status", "seconds"),
    *_FIGURES,
    *(f"{service}_requests" for service in SERVICES),
    *(f"{phase}_seconds" for phase in Phase),
    "advice",
)
EVENT_COLUMNS = ("run", "at", "event", "kind", "what", "title", "season", "episode", "detail")

_Json = dict[str, Any]


def runs_json(records: Iterable[RunRecord]) -> str:
    return _text({"version": VERSION, "runs": [_run(record) for record in records]})


def run_json(record: RunRecord) -> str:
    """One run, with what it met: the events as `--json-events` carries them."""
    met = [{"at": moment_text(one.at), **fields(one.event)} for one in record.noted]
    return _text({"version": VERSION, **_run(record), "events": met})


def runs_csv(records: Iterable[RunRecord]) -> str:
    return _table(RUN_COLUMNS, (_row(record) for record in records))


def run_csv(record: RunRecord) -> str:
    """What one run met, a row each. `detail` of a warning is its reason, of a wait its end."""
    return _table(EVENT_COLUMNS, (_event(record.run.run_id, one) for one in record.noted))


def _run(record: RunRecord) -> _Json:
    run, stats = record.run, record.run.stats
    return {
        "run": run.run_id,
        "mode": run.mode,
        "by": run.by,
        "status": run.status.value,
        "started_at": moment_text(run.started_at),
        "finished_at": moment_text(run.finished_at) if run.finished_at else None,
        "advice": run.advice,
        "stats": {
            "seconds": round(stats.seconds, 3),
            **_figures(record),
            "requests": {service: stats.requests.get(service, 0) for service in SERVICES},
            "phases": {phase.value: round(stats.phases.get(phase, 0.0), 3) for phase in Phase},
        },
    }


def _figures(record: RunRecord) -> dict[str, int | None]:
    """None: recorded before that was counted."""
    stats, of_titles = record.run.stats, has_titles(record.run.stats)
    return {
        "titles": stats.titles if of_titles else None,
        "read": stats.read if of_titles else None,
        "skipped": stats.skipped if of_titles else None,
        "changes": stats.changes,
        "rows_written": stats.rows_written,
        "cache_hits": stats.cache_hits,
        "retries": stats.retries,
    }


def _row(record: RunRecord) -> Sequence[object]:
    told = _run(record)
    stats = told["stats"]
    return (
        *(told[name] for name in ("run", "started_at", "finished_at", "mode", "by", "status")),
        stats["seconds"],
        *(stats[name] for name in _FIGURES),
        *stats["requests"].values(),
        *stats["phases"].values(),
        told["advice"],
    )


def _event(run_id: int, one: Noted) -> Sequence[object]:
    name, event = type(one.event).__name__, one.event
    start = (run_id, moment_text(one.at), name)
    match event:
        case Change():
            return (*start, event.kind, event.what, event.title, event.season, event.episode, event.detail)
        case events.Warning():
            return (*start, None, event.what, event.title, None, None, event.reason)
        case RateLimited():
            return (*start, None, "service", event.service, None, None, moment_text(event.until))


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _text(value: _Json) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
