"""How the last check ended, and whether anything is in doubt since, for the line under a heading. Changes when that
line says it otherwise.

Source: design/screens.md 4.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from plexgap.domain.events import RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.library import Kind
from plexgap.store.index import Index
from plexgap.store.runs import CUT_OFF, RunRow
from plexgap.views import words
from plexgap.views.report import Report, RunSummary


def last_run(index: Index) -> RunSummary | None:
    """The last run that ended."""
    run = index.last_run()
    if run is None or run.finished_at is None:
        return None
    return RunSummary(
        run.mode,
        run.status,
        run.started_at,
        run.finished_at,
        run.stats,
        run.advice,
        refused_by=index.refused_by(run.run_id) if run.status is RunStatus.PARTIAL else (),
        before=_known_before(index, run) if is_cut_short(run) else None,
    )


def _known_before(index: Index, run: RunRow) -> datetime | None:
    """The older of when Plex was last seen whole and when a check last came to its end. What the run itself saw of Plex
    does not count: titles that it did not come to are older."""
    seen, ended = min(index.seen().values(), default=None), index.last_whole_end()
    known = (seen if seen is not None and seen < run.started_at else None, ended)
    return min((each for each in known if each is not None), default=None)


def is_cut_short(run: RunSummary | RunRow) -> bool:
    """Whether it was stopped, cut off with its process, or failed."""
    return run.status in (RunStatus.STOPPED, RunStatus.FAILED)


def is_calm(report: Report, *kinds: Kind) -> bool:
    """Whether nothing of these is in doubt now. Titles that the last check failed at may have been looked at since; a
    check that was cut short, or that a service refused, leaves doubt until the next one."""
    run = report.last_run
    if (run is not None and is_cut_short(run)) or report.unread or report.held_back:
        return False
    refused_by = run.refused_by if run is not None else ()
    of_shows = report.tally.unknown or report.scope_unsure or refused_by
    of_films = report.films.tally.failed or Source.TMDB.label in refused_by
    return not ((Kind.SHOW in kinds and of_shows) or (Kind.MOVIE in kinds and of_films))


def cut_short(run: RunSummary, now: datetime, zone: tzinfo) -> str:
    """That it was stopped, cut off with its process, or failed, and of when that is which is shown; "" where it came to
    its end."""
    if not is_cut_short(run):
        return ""
    age = words.age(run.finished_at, now, zone)
    known = f" Showing what was known {words.since(run.before, now, zone)}." if run.before else ""
    if run.advice == CUT_OFF:
        return f"The last check was cut off {age}.{known}"
    if run.status is RunStatus.FAILED:
        return f"The last check ended early, {age}.{known}"
    return f"You stopped the {f'last check {age}' if age != 'just now' else 'check'}.{known}"
