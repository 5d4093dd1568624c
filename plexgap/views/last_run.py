"""How the last check ended, and whether anything is in doubt since, for the line under a heading. Changes when that
line says it otherwise.

Source: design/screens.md 4.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from plexgap.domain.events import RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.library import Kind
from plexgap.store.runs import CUT_OFF
from plexgap.views import words
from plexgap.views.report import Report, RunSummary


def is_cut_short(run: RunSummary) -> bool:
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
    """A sentence where it was stopped, cut off with its process, or failed; "" where it came to its end."""
    age = words.age(run.finished_at, now, zone)
    if run.advice == CUT_OFF:
        return f"The last check was cut off {age}."
    if run.status is RunStatus.STOPPED:
        return f"You stopped the last check {age}." if age != "just now" else "You stopped the check."
    if run.status is RunStatus.FAILED:
        return f"The last check ended early, {age}. This is what was known before."
    return ""
