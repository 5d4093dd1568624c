"""What each run did, in words: the lines of `runs`, and the pieces that the page Activity shares with them.

Changes when a run is told in other words. Plain text; titles are data and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from plexgap.domain import events
from plexgap.domain.events import Change, Phase, RateLimited, RunStatus, Stats
from plexgap.store.runs import CUT_OFF, Noted, RunRecord, RunRow
from plexgap.views.changes import change_lines
from plexgap.views.words import count, duration, listed, number, sentence

SERVICES = {"plex": "Plex", "tmdb": "TMDB", "tvdb": "TheTVDB", "plex_tv": "plex.tv"}
PHASES = {Phase.MIRROR: "reading Plex", Phase.COMPARE: "comparing", Phase.FILMS: "collections"}
_ENDED = {
    RunStatus.RUNNING: "goes on",
    RunStatus.OK: "complete",
    RunStatus.PARTIAL: "partial",
    RunStatus.STOPPED: "stopped",
    RunStatus.FAILED: "ended early",
}
_YOU = "you"
_UNCHECKED = {"show": "show", "movie": "film", "collection": "collection"}
_HEAD = ("Run", "When (UTC)", "Mode", "By", "Took", "Ended", "Titles", "Read", "Skipped", "Changes", "Rows")
_FIGURES_FROM = 6


def ended(record: RunRecord) -> str:
    """ "complete", "partial: 1 show not checked", "stopped by you", "cut off", "ended early", "goes on"."""
    run = record.run
    if run.status is RunStatus.PARTIAL:
        return f"partial{_not_checked(record.unchecked)}"
    if run.status is RunStatus.STOPPED:
        return "cut off" if run.advice == CUT_OFF else f"stopped{' by you' if run.by == _YOU else ''}"
    return _ENDED[run.status]


def _not_checked(unchecked: Mapping[str, int]) -> str:
    """ ": 1 show and 2 films not checked"; "" where it was something else."""
    said = listed(count(unchecked[what], noun) for what, noun in _UNCHECKED.items() if what in unchecked)
    return f": {said} not checked" if said else ""


def why_early(run: RunRow) -> str:
    """Why it ended early, the first sentence of its advice; "" where it did not."""
    said = sentence(run.advice) if run.status is RunStatus.FAILED else ""
    first, more, _ = said.partition(". ")
    return f"{first}." if more else said


def took(run: RunRow) -> str:
    """ "4 s", pauses left out; "" while it goes on, and where it was cut off."""
    if run.finished_at is None or run.advice == CUT_OFF:
        return ""
    return duration(run.stats.seconds or (run.finished_at - run.started_at).total_seconds())


def has_titles(stats: Stats) -> bool:
    """Whether it is known how many titles were read and skipped: older records don't say."""
    return bool(stats.titles or stats.read or stats.skipped)


def facts(stats: Stats) -> tuple[str, ...]:
    """Sentences: titles read and skipped, changes; requests by service; seconds by phase. Only what is known."""
    first = []
    if has_titles(stats):
        read = f"{number(stats.read)} read, {number(stats.skipped)} skipped"
        first.append(f"{count(stats.titles, 'title')}: {read}.")
    if stats.seconds:
        first.append(f"{count(stats.changes, 'change')}.")
    return tuple(part for part in (" ".join(first), asked(stats), seconds_by_phase(stats)) if part)


def asked(stats: Stats) -> str:
    """ "Asked: Plex 8, TMDB 1. Not asked again: 398 titles. Asked twice or more: 2." """
    known = [f"{SERVICES.get(name, name)} {number(many)}" for name, many in stats.requests.items() if many]
    if not stats.requests:
        return ""
    parts = [f"Asked: {', '.join(known)}." if known else "Asked nobody."]
    if stats.cache_hits:
        parts.append(f"Not asked again: {count(stats.cache_hits, 'title')}.")
    if stats.retries:
        parts.append(f"Tried again: {number(stats.retries)}.")
    return " ".join(parts)


def seconds_by_phase(stats: Stats) -> str:
    """ "Seconds: reading Plex 1.2, comparing 0.4." """
    known = [f"{PHASES[phase]} {stats.phases[phase]:.1f}" for phase in Phase if phase in stats.phases]
    return f"Seconds: {', '.join(known)}." if known else ""


def changes_of(noted: Iterable[Noted]) -> tuple[Change, ...]:
    return tuple(one.event for one in noted if isinstance(one.event, Change))


def warning_line(warning: events.Warning) -> str:
    return f"{warning.title}: {warning.reason}" if warning.title else warning.reason


def told(noted: Iterable[Noted], zone: tzinfo) -> tuple[tuple[datetime, str, bool], ...]:
    """A line each with its moment, and whether it is a warning; changes that were recorded together share theirs."""
    lines: list[tuple[datetime, str, bool]] = []
    for at, some in groupby(noted, key=lambda one: one.at):
        met = tuple(some)
        lines += [(at, line, False) for line in change_lines(changes_of(met))]
        lines += [(at, _other_line(one.event, zone), True) for one in met if not isinstance(one.event, Change)]
    return tuple(lines)


def _other_line(event: events.Warning | RateLimited | Change, zone: tzinfo) -> str:
    if isinstance(event, RateLimited):
        return f"{event.service} asked us to slow down until {event.until.astimezone(zone):%H:%M:%S}. Nothing was lost."
    return warning_line(event) if isinstance(event, events.Warning) else ""


# ---------------------------------------------------------------- lines for a terminal


def table_lines(records: Sequence[RunRecord]) -> Iterator[str]:
    """A table, newest first: two lines a run, the second with why it ended early, requests by service and seconds by
    phase."""
    if not records:
        yield "No check has run yet."
        return
    rows = [_row(record) for record in records]
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    yield _joined(_HEAD, widths)
    for record, row in zip(records, rows, strict=True):
        yield _joined(row, widths)
        stats = record.run.stats
        more = " ".join(filter(None, (why_early(record.run), asked(stats), seconds_by_phase(stats))))
        if more:
            yield f"{' ' * widths[0]}  {more}"


def _row(record: RunRecord) -> tuple[str, ...]:
    run, stats = record.run, record.run.stats
    titles = (stats.titles, stats.read, stats.skipped) if has_titles(stats) else ("", "", "")
    written = (stats.changes, stats.rows_written) if stats.seconds else ("", "")
    figures = (number(each) if isinstance(each, int) else each for each in (*titles, *written))
    who = "the page" if run.by == _YOU else run.by
    return (str(run.run_id), f"{run.started_at:%Y-%m-%d %H:%M}", run.mode, who, took(run), ended(record), *figures)


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Numbers stand at the right."""
    placed = [
        cell.rjust(width) if place == 0 or place >= _FIGURES_FROM else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(placed).rstrip()


def record_lines(record: RunRecord) -> Iterator[str]:
    """Everything of one run: how it went, its figures, then what it met, each with its moment."""
    run = record.run
    who = "the page" if run.by == _YOU else run.by
    yield f"Run {run.run_id}: {run.mode}, begun {run.started_at:%Y-%m-%d %H:%M:%S} UTC{f' by {who}' if who else ''}"
    lasted = took(run)
    yield f"  {sentence(f'{ended(record)}, took {lasted}' if lasted else ended(record))}"
    if run.advice:
        yield f"  {run.advice}"
    yield from (f"  {fact}" for fact in facts(run.stats))
    for title, wanted in (("Changes", False), ("Warnings", True)):
        lines = [(at, line) for at, line, is_warning in told(record.noted, UTC) if is_warning is wanted]
        if lines:
            yield f"{title}:"
            yield from (f"  {at.astimezone(UTC):%H:%M:%S}  {line}" for at, line in lines)
    changed = max(record.changes, run.stats.changes)
    if changed > len(changes_of(record.noted)):
        yield f"Kept of its {number(changed)} changes: {_kept(record)}."


def _kept(record: RunRecord) -> str:
    """ "the first 100", "none": how many of its changes can be told."""
    known = len(changes_of(record.noted))
    return f"the first {number(known)}" if known else "none"
