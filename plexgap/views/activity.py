"""The page Activity: how the last check ended, and what each of the earlier ones did. Changes with its words.

Plain text throughout. Source: design/screens.md 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from plexgap.domain.events import Phase, RunStatus
from plexgap.jobs.runner import Snapshot
from plexgap.store.runs import RunRecord, RunRow
from plexgap.views import words
from plexgap.views.changes import in_all
from plexgap.views.live import Lasted, reached, seconds_left
from plexgap.views.missing import Quiet, Tone
from plexgap.views.runs import changes_of, ended, facts, told, took, why_early

TITLE = "Activity"
_MODES = {"full": "Full check", "incremental": "Quick check", "refresh": "Listings only"}
_BY = {"you": "by you", "the command line": "in a terminal", "the schedule": "by schedule"}
_LINES = 50


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One thing that a run met. `at`: "14:02:44"."""

    at: str
    text: str
    warns: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """One row of Earlier checks. `changed`: why it ended early, what changed in it; `is_quiet`: neither. `facts`: its
    figures as sentences; `told`: what it met, warnings first; `more`: what is not shown, a sentence."""

    when: str
    what: str
    took: str
    ended: str
    tone: Tone
    changed: str
    is_quiet: bool
    facts: tuple[str, ...]
    told: tuple[ToldLine, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ActivityView:
    """The page, newest check first. `quiet` stands where there is none."""

    heading: str
    status: str
    tone: Tone
    rows: tuple[RunLine, ...]
    quiet: Quiet | None


def activity(last: RunRecord | None, records: Sequence[RunRecord], now: datetime, zone: tzinfo) -> ActivityView:
    """`records`: a page of runs, newest first. One that goes on stands in the heading, not among the earlier ones."""
    if last is None:
        quiet = Quiet("No check yet", "What each check did will stand here: how long it took, and what it changed.")
        return ActivityView("Not checked yet", "Nothing has been read so far.", Tone.QUIET, (), quiet)
    over = tuple(record for record in records if record.run.status is not RunStatus.RUNNING)
    rows = tuple(_row(record, now, zone) for record in over)
    began = words.when(last.run.started_at, now, zone)
    if last.run.status is RunStatus.RUNNING:
        return ActivityView("A check goes on", f"{_what(last.run)}, begun {began}.", Tone.QUIET, rows, None)
    trouble = last.run.status in (RunStatus.PARTIAL, RunStatus.FAILED)
    return ActivityView(
        f"Last check: {began}, {ended(last)}", _status(last), Tone.AMBER if trouble else Tone.QUIET, rows, None
    )


def going(snap: Snapshot, now: datetime, zone: tzinfo, lasted: Lasted) -> tuple[str, str]:
    """Heading and status line while a check runs: "Checking 142 of 300 shows", "Full check, started 2 min ago by you.
    About 40 s left." `lasted`: how many seconds each phase took before, by mode."""
    began = f" {words.age(snap.started_at, now, zone)}" if snap.started_at else ""
    by = f" {_BY.get(snap.by, f'by {snap.by}')}" if snap.by else ""
    parts = [f"{_MODES.get(snap.mode, 'Check')}, started{began}{by}."]
    if snap.paused:
        parts.append("Nothing is asked until you go on.")
    elif snap.waiting_for:
        parts.append(words.sentence(snap.waiting_for))
    elif snap.waiting is not None:
        parts.append(f"{snap.waiting.service} asked us to slow down; it goes on by itself.")
    else:
        left = seconds_left(snap, lasted)
        if left is not None:
            parts.append(f"{words.about(left).capitalize()} left.")
    return _at(snap), " ".join(parts)


def _at(snap: Snapshot) -> str:
    if snap.stopping:
        return "Stopping the check"
    at = reached(snap)
    if snap.paused:
        return f"Paused at {at}" if at else "Paused"
    match snap.phase:
        case Phase.COMPARE:
            return f"Checking {at or 'shows'}"
        case Phase.FILMS:
            return f"Looking up {at or 'films'}"
        case _:
            return f"Reading {at}" if at else "Starting the check"


def _status(record: RunRecord) -> str:
    """ "Quick check in a terminal, took 4 s. Nothing changed." or, where something failed, what did."""
    run = record.run
    if run.advice:
        return words.sentence(run.advice)
    lasted, changed = took(run), _changed(record)
    first = f"{_what(run, ' ')}, took {lasted}" if lasted else _what(run, " ")
    return f"{words.sentence(first)} {words.sentence(changed)}".strip()


def _row(record: RunRecord, now: datetime, zone: tzinfo) -> RunLine:
    run = record.run
    met = sorted(told(record.noted, zone), key=lambda line: not line[2])
    lines = tuple(ToldLine(_clock(at, zone), text, warns) for at, text, warns in met)
    is_all = len(lines) <= _LINES and not _untold(record)
    more = "" if is_all else f"That is not all: python3 app.py runs {run.run_id} prints every line."
    figures, early = facts(run.stats), why_early(run)
    return RunLine(
        words.when(run.started_at, now, zone),
        _what(run),
        took(run),
        ended(record),
        Tone.AMBER if run.status in (RunStatus.PARTIAL, RunStatus.FAILED) else Tone.QUIET,
        f"{early} {_changed(record)}".strip(),
        not (early or run.stats.changes or record.changes),
        (words.sentence(run.advice), *figures) if run.advice else figures,
        lines[:_LINES],
        more,
    )


def _what(run: RunRow, between: str = ", ") -> str:
    """ "Quick check, by you"."""
    mode = _MODES.get(run.mode, "Check")
    return f"{mode}{between}{_BY.get(run.by, f'by {run.by}')}" if run.by else mode


def _changed(record: RunRecord) -> str:
    """What changed in one line; "" where it ended before it could tell. The very first check has nothing to compare."""
    changes, run = changes_of(record.noted), record.run
    if _untold(record):
        return words.count(len(changes) + _untold(record), "change")
    if changes:
        return in_all(changes)
    if run.status not in (RunStatus.OK, RunStatus.PARTIAL):
        return ""
    return "Read for the first time" if run.run_id == 1 else "Nothing changed"


def _untold(record: RunRecord) -> int:
    """How many of its changes aren't at hand, or were never recorded."""
    return max(record.changes, record.run.stats.changes) - len(changes_of(record.noted))


def _clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"
