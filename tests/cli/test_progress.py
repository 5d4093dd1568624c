from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
from datetime import UTC, datetime

import pytest

from plexgap.cli.progress import MOST_LINES, AboveTheBar, Bar, JsonLines, Plain, stoppable
from plexgap.domain import events
from plexgap.domain.events import Phase
from tests.scripted import FakeTime

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ANSI = re.compile(r"\r\x1b\[K")


def test_the_bar_draws_library_item_and_counts_over_itself_and_ends_clean() -> None:
    drawn = io.StringIO()
    bar = Bar(drawn, lambda: 200)
    bar.hear(events.PhaseStarted(Phase.MIRROR))
    bar.hear(events.Total(Phase.MIRROR, "TV Shows", 124))
    bar.hear(events.Progress(Phase.MIRROR, "TV Shows", "Show / Episode\n", 62, 124))
    bar.close()
    assert ANSI.split(drawn.getvalue()) == [
        "",
        "Reading Plex ...",
        "[##########..........] 62/124 Reading Plex: TV Shows: Show / Episode ",
        "",
    ]


def test_the_bar_is_of_all_libraries_and_says_which_of_them_it_is_at_and_the_time_left() -> None:
    drawn, time = io.StringIO(), FakeTime()
    bar = Bar(drawn, lambda: 200, time.clock)
    bar.hear(events.PhaseStarted(Phase.MIRROR))
    for library, total in (("Films", 100), ("TV Shows", 300)):
        bar.hear(events.Total(Phase.MIRROR, library, total))
    time.seconds += 5
    bar.hear(events.Progress(Phase.MIRROR, "Films", "", 100, 100))
    time.seconds += 5
    bar.hear(events.Progress(Phase.MIRROR, "TV Shows", "Show / Episode", 100, 300))
    bar.hear(events.PhaseStarted(Phase.COMPARE))
    bar.hear(events.Total(Phase.COMPARE, "", 60))
    bar.hear(events.Progress(Phase.COMPARE, "TV Shows", "Show", 15, 60))
    assert ANSI.split(drawn.getvalue())[2:] == [
        "[#####...............] 100/100, about 15 s left Reading Plex: Films (1/2)",
        "[##########..........] 100/300, about 10 s left Reading Plex: TV Shows (2/2): Show / Episode",
        "Comparing ...",
        "[#####...............] 15/60 Comparing: TV Shows: Show",
    ]


def test_json_lines_of_a_check_that_waits_for_another_have_no_run_yet(capsys: pytest.CaptureFixture[str]) -> None:
    lines = JsonLines(lambda: 7, lambda: NOW)
    lines.hear(events.Warning("run", "", "Another check runs; waiting up to 10 s."))
    lines.hear(events.RunStarted("full"))
    assert [json.loads(line)["run"] for line in capsys.readouterr().err.splitlines()] == [None, 7]


def test_the_bar_never_grows_beyond_the_terminal() -> None:
    drawn = io.StringIO()
    bar = Bar(drawn, lambda: 40)
    bar.hear(events.Progress(Phase.COMPARE, "TV Shows", "x" * 300, 1, 2))
    assert len(ANSI.split(drawn.getvalue())[-1]) == 39


def test_warnings_stand_above_the_bar_as_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(io.StringIO(), lambda: 80)
    for listener in (bar, Plain()):
        listener.hear(events.Warning("show", "Lanterns", "TMDB did not answer."))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "Lanterns: TMDB did not answer.\n" * 2)


def test_a_change_is_told_above_the_bar_when_the_next_step_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = io.StringIO()
    bar = Bar(drawn, lambda: 60)
    bar.hear(events.PhaseStarted(Phase.MIRROR))
    for number in (5, 6, 7):
        bar.hear(events.Change("added", "episode", "The Lantern Keepers", 2, number, f"Part {number}"))
    assert capsys.readouterr().err == ""
    bar.hear(events.Progress(Phase.MIRROR, "TV Shows", "x", 1, 2))
    assert capsys.readouterr().err == "Added 3 episodes: The Lantern Keepers S02 E05-E07\n"
    assert ANSI.split(drawn.getvalue())[-3:-1] == ["", "Reading Plex ..."]


def test_changes_that_nothing_follows_are_told_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    for listener in (Plain(), Bar(io.StringIO(), lambda: 80)):
        listener.hear(events.Change("upgraded", "episode", "Lanterns", 2, 5, "720p to 1080p"))
        listener.close()
        assert capsys.readouterr().err == "Upgraded: Lanterns S02 E05, 720p to 1080p\n"


def test_a_flood_of_changes_is_cut_and_counted_unless_every_line_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    told = [events.Change("added", "movie", f"Film {number}") for number in range(100)]
    for listener, lines in ((Plain(), MOST_LINES + 1), (Plain(most=None), 100)):
        for change in told:
            listener.hear(change)
        listener.close()
        made = capsys.readouterr().err.splitlines()
        assert len(made) == lines
        assert (made[-1] == "... and 60 more lines of changes (-v for all)") is (lines < 100)


def test_a_title_can_neither_break_a_line_nor_command_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "Lan\nterns\x1b[2J\r"
    listener = Plain()
    listener.hear(events.Change("added", "show", hostile))
    listener.hear(events.Warning("show", hostile, "TMDB did not answer."))
    assert capsys.readouterr().err == "Added show: Lan terns [2J \nLan terns [2J : TMDB did not answer.\n"


def test_a_line_of_the_log_is_one_line_whatever_its_titles_hold() -> None:
    written = io.StringIO()
    handler = AboveTheBar(written)
    handler.handle(logging.LogRecord("plexgap.jobs", logging.INFO, "", 0, "%s is read", ("Lan\nterns\x1b[2J",), None))
    assert written.getvalue() == "Lan terns [2J is read\n"


def test_json_lines_carry_event_at_run_and_the_events_fields(capsys: pytest.CaptureFixture[str]) -> None:
    lines = JsonLines(lambda: 7, lambda: NOW)
    lines.hear(events.Progress(Phase.MIRROR, "TV", "Wölfe", 1, 2))
    lines.hear(events.RateLimited("TMDB", NOW))
    made = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert made == [
        {
            "event": "Progress",
            "at": "2026-11-21T08:00:00Z",
            "run": 7,
            "phase": "mirror",
            "library": "TV",
            "item": "Wölfe",
            "done": 1,
            "total": 2,
        },
        {
            "event": "RateLimited",
            "at": "2026-11-21T08:00:00Z",
            "run": 7,
            "service": "TMDB",
            "until": "2026-11-21T08:00:00+00:00",
        },
    ]


def test_ctrl_c_asks_to_stop_and_its_handler_leaves_with_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with stoppable() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
    assert signal.getsignal(signal.SIGINT) is before
    assert "Stopping" in capsys.readouterr().err
