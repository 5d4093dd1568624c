"""What a command's exit code says. Changes when design/interface.md 3, "Exit codes", does."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from plexgap.domain import errors
from plexgap.domain.events import RunStatus
from plexgap.domain.verdicts import State

if TYPE_CHECKING:
    from plexgap.views.report import Report


class Exit(IntEnum):
    """NOTHING_MISSING is also the code of every command that only changes or prints settings."""

    NOTHING_MISSING = 0
    GAPS = 1
    USAGE = 2
    PARTIAL = 3
    SIGN_IN = 4
    UNREACHABLE = 5
    BUSY = 6
    FAULT = 70
    STOPPED = 130


_BY_WEIGHT = (Exit.USAGE, Exit.SIGN_IN, Exit.UNREACHABLE, Exit.BUSY, Exit.PARTIAL, Exit.GAPS, Exit.NOTHING_MISSING)
_JUDGED = (State.COMPLETE, State.GAPS, State.SUSPECT)
_BY_ERROR: tuple[tuple[type[errors.PlexgapError], Exit], ...] = (
    (errors.Cancelled, Exit.STOPPED),
    (errors.ScanRunning, Exit.BUSY),
    (errors.Rejected, Exit.SIGN_IN),
    (errors.SourceError, Exit.UNREACHABLE),
    (errors.IncompleteListing, Exit.PARTIAL),
)


def code_of_error(error: errors.PlexgapError) -> Exit:
    """The code of a command that this error ended. A wrong setting, title or id, and a file of ours: USAGE."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), Exit.USAGE)


def code_of_report(report: Report, ran: RunStatus | None = None) -> Exit:
    """The code of what a report says; `ran`: how the run that was made for it ended, None where none was made.

    A show, film or collection that is unknown, a held back removal, a library that was not read whole, and a watchlist
    that could not be read while only its shows count are partial. Where a run was made that left titles unknown and
    judged none, nothing could be judged.
    """
    codes, films = [Exit.NOTHING_MISSING], report.films.tally
    if report.tally.with_gaps or films.with_gaps:
        codes.append(Exit.GAPS)
    unknown = report.tally.unknown or films.failed
    unsure = unknown or report.held_back or report.unread or report.scope_unsure
    if unsure or report.last_run is None or ran is RunStatus.PARTIAL:
        codes.append(Exit.PARTIAL)
    judged = any(show.state in _JUDGED for show in report.shows) or films.films > films.to_map + films.unknown_films
    if ran is not None and unknown and not judged:
        codes.append(Exit.UNREACHABLE)
    return next(code for code in _BY_WEIGHT if code in codes)
