from __future__ import annotations

import io
import json
import os
import re
import signal
from datetime import UTC, datetime

import pytest

from plexgap.cli.progress import Bar, JsonLines, Plain, stoppable
from plexgap.domain import events
from plexgap.domain.events import Phase

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
