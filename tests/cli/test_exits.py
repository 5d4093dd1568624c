from __future__ import annotations

import pytest

from plexgap.cli.exits import Exit, code_of_error, code_of_report
from plexgap.domain import errors
from plexgap.domain.events import RunStatus, Stats
from plexgap.domain.verdicts import State
from plexgap.views.report import HeldBack, Report, RunSummary, Unread
from tests.reports import NOW, line, report, season, show

RUN = RunSummary("full", RunStatus.OK, NOW, NOW, Stats())
GAPS = show("Gaps", State.GAPS, season(1, line(1, 1)))
COMPLETE = show("Complete", State.COMPLETE)
UNKNOWN = show("Unknown", State.UNKNOWN)
UNSURE = (show("Suspect", State.SUSPECT), show("Mapless", State.NEEDS_MAPPING))


@pytest.mark.parametrize(
    ("told", "ran", "code"),
    [
        (report(COMPLETE, last_run=RUN), RunStatus.OK, Exit.NOTHING_MISSING),
        (report(COMPLETE, *UNSURE, last_run=RUN), RunStatus.OK, Exit.NOTHING_MISSING),
        (report(COMPLETE, GAPS, *UNSURE, last_run=RUN), None, Exit.GAPS),
        (report(COMPLETE, GAPS, UNKNOWN, last_run=RUN), RunStatus.PARTIAL, Exit.PARTIAL),
        (report(GAPS, UNKNOWN, last_run=RUN), None, Exit.PARTIAL),
        (report(GAPS, last_run=RUN, held_back=(HeldBack("TV", 30),)), None, Exit.PARTIAL),
        (report(GAPS, last_run=RUN), RunStatus.PARTIAL, Exit.PARTIAL),
        (report(UNKNOWN, UNKNOWN, last_run=RUN), RunStatus.PARTIAL, Exit.UNREACHABLE),
        (report(UNKNOWN, UNKNOWN, last_run=RUN), None, Exit.PARTIAL),
        (report(), None, Exit.PARTIAL),
        (report(last_run=RUN), RunStatus.OK, Exit.NOTHING_MISSING),
        (report(UNKNOWN, UNSURE[1], last_run=RUN), RunStatus.PARTIAL, Exit.UNREACHABLE),
        (report(COMPLETE, last_run=RUN, unread=(Unread("TV", "It was cut off."),)), None, Exit.PARTIAL),
    ],
    ids=[
        "all complete",
        "suspect and needs mapping are not partial",
        "gaps",
        "a failed lookup weighs more than gaps",
        "unknown from an earlier scan",
        "a removal is held back",
        "a library was not read whole",
        "a scan could judge nothing",
        "nothing judged, and nobody asked",
        "never checked",
        "an empty library",
        "a scan could judge nothing, and some need mapping",
        "a library was not read whole by an earlier scan",
    ],
)
def test_the_heaviest_of_several_codes_counts(told: Report, ran: RunStatus | None, code: Exit) -> None:
    assert code_of_report(told, ran) is code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError("a", "b"), Exit.USAGE),
        (errors.StoreError("a"), Exit.USAGE),
        (errors.NotListed("TMDB", "show 3"), Exit.USAGE),
        (errors.Rejected("Plex", "401"), Exit.SIGN_IN),
        (errors.Unreachable("Plex", "refused"), Exit.UNREACHABLE),
        (errors.Busy("TMDB", "429"), Exit.UNREACHABLE),
        (errors.BadAnswer("TMDB", "HTML"), Exit.UNREACHABLE),
        (errors.IncompleteListing("TV", "short"), Exit.PARTIAL),
        (errors.ScanRunning(None), Exit.BUSY),
        (errors.Cancelled(), Exit.STOPPED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_has_its_exit_code(error: errors.PlexgapError, code: Exit) -> None:
    assert code_of_error(error) is code
