"""The page Activity as words."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plexgap.domain import events
from plexgap.domain.events import Change, Phase, RateLimited, RunStatus, Stats
from plexgap.jobs.runner import Snapshot
from plexgap.store.runs import CUT_OFF, Noted, RunRecord, RunRow
from plexgap.views.activity import ActivityView, activity, going
from plexgap.views.missing import Tone
from plexgap.views.runs import record_lines, table_lines
from tests.reports import NOW

UMBRA = events.Warning("show", "Umbra", "TMDB did not answer.")
LANTERNS = Change("added", "episode", "Lanterns", 2, 5, "The Long Way")


def record(
    status: RunStatus = RunStatus.OK,
    *met: Change | events.Warning | RateLimited,
    number: int = 7,
    mode: str = "incremental",
    by: str = "you",
    advice: str = "",
    stats: Stats | None = None,
) -> RunRecord:
    """A run that began an hour ago and took four seconds."""
    began = NOW - timedelta(hours=1)
    over = None if status is RunStatus.RUNNING else began + timedelta(seconds=4)
    changes = sum(isinstance(event, Change) for event in met)
    known = stats or Stats(seconds=4, changes=changes)
    run = RunRow(number, mode, by, status, began, over, known, advice)
    warned = {(event.what, event.title) for event in met if isinstance(event, events.Warning)}
    unchecked = Counter(what for what, _ in warned)
    return RunRecord(run, tuple(Noted(began, event) for event in met), changes, unchecked)


def shown(*records: RunRecord) -> ActivityView:
    return activity(records[0] if records else None, records, NOW, UTC)


def heading(*records: RunRecord) -> str:
    return shown(*records).heading


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (record(), "Last check: today 09:00, complete"),
        (record(RunStatus.PARTIAL, UMBRA), "Last check: today 09:00, partial: 1 show not checked"),
        (
            record(
                RunStatus.PARTIAL, UMBRA, UMBRA, events.Warning("movie", "Atlas", "x"), events.Warning("a", "b", "c")
            ),
            "Last check: today 09:00, partial: 1 show and 1 film not checked",
        ),
        (record(RunStatus.PARTIAL, advice="24 titles are no longer in Plex."), "Last check: today 09:00, partial"),
        (record(RunStatus.STOPPED), "Last check: today 09:00, stopped by you"),
        (record(RunStatus.STOPPED, by="the schedule"), "Last check: today 09:00, stopped"),
        (record(RunStatus.STOPPED, advice=CUT_OFF), "Last check: today 09:00, cut off"),
        (record(RunStatus.FAILED, advice="Plex did not answer."), "Last check: today 09:00, ended early"),
        (record(RunStatus.RUNNING, by="the command line"), "A check goes on"),
    ],
)
def test_the_heading_says_how_the_last_check_ended(last: RunRecord, said: str) -> None:
    assert heading(last) == said


def test_before_the_first_check_there_is_a_quiet_card_and_no_table() -> None:
    view = shown()
    assert (view.heading, view.rows) == ("Not checked yet", ())
    assert view.quiet is not None


def test_the_status_line_says_who_checked_how_and_what_changed() -> None:
    assert shown(record()).status == "Quick check by you, took 4 s. Nothing changed."
    by_terminal = record(RunStatus.OK, LANTERNS, mode="full", by="the command line")
    said = "Full check in a terminal, took 4 s. Added episode: Lanterns S02 E05."
    assert shown(by_terminal).status == said


def test_a_check_that_went_wrong_says_what_did_in_amber() -> None:
    view = shown(record(RunStatus.PARTIAL, UMBRA, advice="1 show could not be checked."))
    assert (view.status, view.tone) == ("1 show could not be checked.", Tone.AMBER)


def test_a_check_of_another_process_stands_in_the_heading_and_not_among_the_earlier_ones() -> None:
    view = shown(record(RunStatus.RUNNING, by="the schedule", number=8), record())
    assert view.status == "Quick check, by schedule, begun today 09:00."
    assert [row.what for row in view.rows] == ["Quick check, by you"]


def test_a_row_says_when_what_took_ended_and_changed() -> None:
    (row,) = shown(record(RunStatus.OK, LANTERNS)).rows
    assert (row.when, row.what, row.took, row.ended) == ("today 09:00", "Quick check, by you", "4 s", "complete")
    assert (row.changed, row.is_quiet) == ("Added episode: Lanterns S02 E05", False)


@pytest.mark.parametrize(
    ("one", "changed"),
    [
        (record(), "Nothing changed"),
        (record(number=1), "Read for the first time"),
        (record(RunStatus.STOPPED), ""),
        (record(RunStatus.FAILED), ""),
        (record(stats=Stats(seconds=1, changes=7)), "7 changes"),
    ],
)
def test_a_check_that_recorded_no_change_says_no_more_than_it_knows(one: RunRecord, changed: str) -> None:
    (row,) = shown(one).rows
    assert row.changed == changed


@pytest.mark.parametrize(
    ("advice", "met", "changed", "is_quiet"),
    [
        ("Plex refused the token. Sign in again.", (), "Plex refused the token.", False),
        ("plex did not answer", (), "Plex did not answer.", False),
        (
            "Plex refused the token. Sign in again.",
            (LANTERNS,),
            "Plex refused the token. Added episode: Lanterns S02 E05",
            False,
        ),
        ("", (), "", True),
    ],
)
def test_a_row_of_a_check_that_ended_early_says_why(
    advice: str, met: tuple[Change, ...], changed: str, is_quiet: bool
) -> None:
    (row,) = shown(record(RunStatus.FAILED, *met, advice=advice)).rows
    assert (row.ended, row.changed, row.is_quiet) == ("ended early", changed, is_quiet)


def test_in_a_terminal_the_line_below_a_check_that_ended_early_says_why() -> None:
    lines = list(table_lines([record(RunStatus.FAILED, advice="Plex refused the token. Sign in again.")]))
    assert lines[-1].strip() == "Plex refused the token."


def test_of_a_run_that_was_cut_off_nobody_knows_how_long_it_took() -> None:
    (row,) = shown(record(RunStatus.STOPPED, advice=CUT_OFF)).rows
    assert (row.took, row.ended) == ("", "cut off")


def test_an_opened_row_has_its_figures_then_warnings_then_changes() -> None:
    stats = Stats(
        seconds=4,
        requests={"plex": 8, "tmdb": 1, "tvdb": 0},
        cache_hits=398,
        rows_written=41,
        changes=1,
        titles=400,
        read=2,
        skipped=398,
        phases={"mirror": 1.2, "films": 0.1},
    )
    slow = RateLimited("TMDB", NOW)
    (row,) = shown(record(RunStatus.PARTIAL, LANTERNS, UMBRA, slow, stats=stats, advice="So it is")).rows
    assert row.facts == (
        "So it is.",
        "400 titles: 2 read, 398 skipped. 1 change.",
        "Asked: Plex 8, TMDB 1. Not asked again: 398 titles.",
        "Seconds: reading Plex 1.2, collections 0.1.",
    )
    assert [(line.at, line.text, line.warns) for line in row.told] == [
        ("09:00:00", "Umbra: TMDB did not answer.", True),
        ("09:00:00", "TMDB asked us to slow down until 10:00:00. Nothing was lost.", True),
        ("09:00:00", "Added episode: Lanterns S02 E05", False),
    ]


def test_what_was_told_is_timed_by_the_readers_clock() -> None:
    slow = record(RunStatus.OK, RateLimited("TMDB", NOW))
    (row,) = activity(slow, (slow,), NOW, ZoneInfo("Europe/Oslo")).rows
    assert (row.told[0].at, row.told[0].text.split(". ")[0]) == (
        "10:00:00",
        "TMDB asked us to slow down until 11:00:00",
    )


def test_a_row_with_very_much_to_tell_says_where_the_rest_is() -> None:
    met = [Change("added", "movie", f"Film {number}") for number in range(60)]
    (row,) = shown(record(RunStatus.OK, *met)).rows
    assert len(row.told) == 50
    assert row.more == "That is not all: python3 app.py runs 7 prints every line."
    (row,) = shown(record(RunStatus.OK, LANTERNS, stats=Stats(seconds=1, changes=900))).rows
    assert (row.changed, row.more != "") == ("900 changes", True)


def test_a_run_whose_changes_were_not_all_kept_says_so() -> None:
    some = record(RunStatus.OK, LANTERNS, stats=Stats(seconds=4, changes=9000))
    assert list(record_lines(some))[-1] == "Kept of its 9,000 changes: the first 1."


@pytest.mark.parametrize(
    ("snap", "said"),
    [
        (Snapshot(), "Starting the check"),
        (Snapshot(phase=Phase.COMPARE, done=142, total=300), "Checking 142 of 300 shows"),
        (Snapshot(phase=Phase.FILMS, done=0, total=1), "Looking up 0 of 1 film"),
        (Snapshot(phase=Phase.MIRROR, done=1000, total=17000), "Reading 1,000 of 17,000 items"),
        (Snapshot(phase=Phase.COMPARE, done=142, total=300, stopping=True), "Stopping the check"),
        (Snapshot(phase=Phase.COMPARE, done=142, total=300, paused=True), "Paused at 142 of 300 shows"),
        (Snapshot(phase=Phase.COMPARE), "Checking shows"),
        (Snapshot(phase=Phase.FILMS), "Looking up films"),
        (Snapshot(paused=True), "Paused"),
    ],
)
def test_the_heading_follows_a_running_check(snap: Snapshot, said: str) -> None:
    assert going(snap, NOW, UTC, {})[0] == said


def test_the_status_line_of_a_running_check_says_who_began_it_and_what_is_left() -> None:
    began = NOW - timedelta(minutes=2)
    snap = Snapshot(mode="full", by="you", started_at=began, phase=Phase.COMPARE, total=9, seconds_left=28.0)
    assert going(snap, NOW, UTC, {})[1] == "Full check, started 2 min ago by you."
    lasted = {"full": {"films": 10.0}}
    assert going(snap, NOW, UTC, lasted)[1] == "Full check, started 2 min ago by you. About 40 s left."


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"waiting": RateLimited("TMDB", NOW)}, "TMDB asked us to slow down; it goes on by itself."),
        ({"waiting_for": "Another check runs since 14:02 UTC."}, "Another check runs since 14:02 UTC."),
        ({"paused": True, "item": "Umbra", "seconds_left": 8.0}, "Nothing is asked until you go on."),
    ],
)
def test_what_holds_a_check_takes_the_place_of_where_it_is(held: dict[str, Any], said: str) -> None:
    snap = Snapshot(started_at=NOW - timedelta(minutes=2), total=9, **held)
    assert going(snap, NOW, UTC, {})[1] == f"Check, started 2 min ago. {said}"
