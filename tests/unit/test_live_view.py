"""A running check on the page Activity: its bars and counts, its speed, its log; and what the runner keeps for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plexgap.domain import events
from plexgap.domain.events import Change, Phase, PhaseDone, PhaseStarted, Progress, RateLimited, RunStatus, Stats, Total
from plexgap.jobs.runner import Snapshot
from plexgap.jobs.told import MOST, Told, Wait
from plexgap.store.runs import CUT_OFF, Noted, RunRecord, RunRow
from plexgap.views.live import (
    Lasted,
    Level,
    area,
    lines_of_job,
    lines_of_record,
    live,
    nothing_shown,
    seconds_left,
    shown,
)

NOW = datetime(2026, 11, 21, 14, 2, 44, tzinfo=UTC)
COMPARES = Snapshot(
    status=RunStatus.RUNNING,
    phase=Phase.COMPARE,
    library="TV Shows",
    item="Kestrel House",
    done=142,
    total=300,
    seconds=112.0,
    seconds_left=38.0,
    speed=3.9,
    speeds=(0.0, 2.0, 4.0, 3.9),
    requests={"plex": 14, "tmdb": 1510},
    unasked=88,
)


def test_a_check_shows_how_far_it_is_and_what_it_asked() -> None:
    seen = live(COMPARES, 0.5, NOW, UTC)
    assert (seen.overall.share, seen.part.label) == (0.5, "Shows 142 of 300")
    assert seen.part.share == pytest.approx(142 / 300)
    assert seen.time == "1 min 52 s so far, about 40 s left"
    assert (seen.now, seen.state) == ("Kestrel House", "Shows / TV Shows / Kestrel House")
    assert seen.counts == (
        ("14", "asked of Plex"),
        ("1,510", "asked of TMDB"),
        ("88", "not asked again"),
        ("0 s", "waited"),
    )
    assert (seen.speed, seen.speed_of) == ("3.9", "shows a second, over the last minute")
    assert seen.speeds_said == "Speed over the last minute: 3.9 shows a second now, 4.0 at most"
    assert seen.speeds[:3] == (0.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("snap", "label", "state"),
    [
        ({"phase": None}, "Nothing is known yet", "Starting"),
        (
            {"phase": Phase.MIRROR, "place": "TV Shows (1/3)", "part": (118, 240)},
            "TV Shows (1/3) 118 of 240",
            "Plex / TV Shows / Kestrel House",
        ),
        ({"phase": Phase.FILMS, "done": 0, "total": 0, "library": ""}, "Films", "Films / Kestrel House"),
        ({"paused": True}, "Shows 142 of 300", "Paused: Shows / TV Shows / Kestrel House"),
        ({"stopping": True}, "Shows 142 of 300", "Stopping"),
    ],
)
def test_the_second_bar_is_that_of_the_present_part(snap: dict[str, Any], label: str, state: str) -> None:
    seen = live(replace(COMPARES, **snap), 0.1, NOW, UTC)
    assert (seen.part.label, seen.state) == (label, state)
    assert 0 <= seen.part.share <= 1


LASTED: Lasted = {"full": {"mirror": 6.0, "compare": 4.0, "films": 10.0}, "refresh": {"compare": 0.2}}


@pytest.mark.parametrize(
    ("snap", "lasted", "left"),
    [
        pytest.param({"phase": Phase.FILMS, "mode": "full"}, {}, 3.0, id="the last phase"),
        pytest.param({"phase": Phase.COMPARE, "mode": "retry"}, LASTED, 3.0, id="shows alone"),
        pytest.param({"phase": Phase.COMPARE, "mode": "full"}, {}, None, id="never run before"),
        pytest.param({"phase": Phase.COMPARE, "mode": "incremental"}, LASTED, None, id="never run in this mode"),
        pytest.param({"phase": Phase.MIRROR, "mode": "full"}, LASTED, 17.0, id="all that is to come"),
        pytest.param({"phase": Phase.COMPARE, "mode": "full", "phase_seconds": 1.0}, LASTED, 13.0, id="as fast"),
        pytest.param({"phase": Phase.COMPARE, "mode": "full", "phase_seconds": 5.0}, LASTED, 23.0, id="half as fast"),
        pytest.param({"phase": Phase.COMPARE, "mode": "refresh", "phase_seconds": 9.0}, LASTED, 3.0, id="no films"),
        pytest.param({"phase": Phase.FILMS, "mode": "full", "total": 0}, LASTED, None, id="of nobody knows how many"),
        pytest.param({"phase": Phase.FILMS, "mode": "full", "seconds_left": None}, LASTED, None, id="too early"),
    ],
)
def test_the_time_left_is_that_of_the_whole_check(snap: dict[str, Any], lasted: Lasted, left: float | None) -> None:
    at = replace(Snapshot(total=9, seconds_left=3.0), **snap)
    assert seconds_left(at, lasted) == left
    assert (" left" in live(at, 0.1, NOW, UTC, lasted).time) is (left is not None)


def test_waits_are_told_and_only_what_has_passed_of_them_counts() -> None:
    waits = (Wait("TMDB", 2, NOW + timedelta(seconds=3), timedelta(seconds=7)),)
    seen = live(Snapshot(phase=Phase.COMPARE, waits=waits), 0.1, NOW, UTC)
    assert seen.waits == "TMDB asked us to slow down twice, until 14:02:47. Nothing was lost."
    assert seen.counts[-1] == ("4 s", "waited")


@pytest.mark.parametrize(("speeds", "corners"), [((), ""), ((1.0,), "")])
def test_too_few_speeds_draw_nothing(speeds: tuple[float, ...], corners: str) -> None:
    assert area(speeds) == corners


def test_the_present_speed_stands_at_the_right_and_the_area_is_closed_below() -> None:
    assert area((0.0, 1.0)) == "98.3% 100%, 98.3% 100.0%, 100.0% 0.0%, 100% 100%"
    assert area((0.5,) * 60).startswith("0.0% 100%, 0.0% 50.0%, ")


def ended(status: RunStatus, advice: str = "", *, number: int = 7, titles: int = 380, changes: int = 0) -> RunRecord:
    """A run that met nothing."""
    stats = Stats(titles=titles, changes=changes)
    return RunRecord(RunRow(number, "full", "you", status, NOW, NOW, stats, advice), (), changes, {})


def told(*met: events.Event, every: timedelta = timedelta(seconds=1)) -> Told:
    kept = Told()
    for number, event in enumerate(met):
        kept.hear(event, NOW + number * every)
    return kept


def test_the_log_of_a_job_stands_newest_first_and_changes_of_one_second_share_a_line() -> None:
    kept = told(
        PhaseStarted(Phase.MIRROR),
        Total(Phase.MIRROR, "TV Shows", 240),
        Change("added", "episode", "Lanterns", 2, 5),
        Change("added", "episode", "Lanterns", 2, 6),
        events.Warning("show", "Umbra", "TMDB did not answer."),
        RateLimited("TMDB", NOW + timedelta(seconds=9)),
        Progress(Phase.COMPARE, "TV Shows", "Kestrel House", 1, 2),
        PhaseDone(Phase.COMPARE, 3.0),
        every=timedelta(milliseconds=10),
    )
    lines = lines_of_job(kept.heard, UTC)
    assert [(line.text, line.level) for line in lines] == [
        ("Shows were compared in 3 s", Level.ALL),
        ("Looked at Kestrel House", Level.ALL),
        ("TMDB asked us to slow down until 14:02:53. It goes on by itself.", Level.WARNINGS),
        ("Umbra: TMDB did not answer.", Level.WARNINGS),
        ("Added 2 episodes: Lanterns S02 E05-E06", Level.CHANGES),
        ("Found TV Shows: 240 items", Level.ALL),
        ("Reading Plex", Level.ALL),
    ]
    assert lines[0].at == "14:02:44"


def test_steps_never_push_a_warning_out() -> None:
    warning = events.Warning("show", "Umbra", "TMDB did not answer.")
    kept = told(warning, *(Progress(Phase.COMPARE, "", f"Show {number}", number, 900) for number in range(900)))
    assert len(kept.heard) == MOST + 1
    assert kept.heard[-1].event == warning


@pytest.mark.parametrize(
    ("at", "until", "times", "length"),
    [((0, 1), (4, 4), 1, 4), ((0, 1), (4, 6), 1, 6), ((0, 10), (4, 14), 2, 8), ((0,), (-1,), 1, 0)],
)
def test_waits_that_overlap_count_once(at: tuple[int, ...], until: tuple[int, ...], times: int, length: int) -> None:
    kept = Told()
    for moment, end in zip(at, until, strict=True):
        kept.hear(RateLimited("TMDB", NOW + timedelta(seconds=end)), NOW + timedelta(seconds=moment))
    (wait,) = kept.waits
    assert (wait.times, wait.length) == (times, timedelta(seconds=length))


def test_the_log_of_the_last_check_comes_from_its_record() -> None:
    met: list[Change | events.Warning] = [
        Change("added", "movie", "Umbra"),
        events.Warning("show", "Umbra", "TMDB did not answer."),
    ]
    run = RunRow(7, "full", "you", RunStatus.PARTIAL, NOW, NOW, Stats(), "")
    record = RunRecord(run, tuple(Noted(NOW + timedelta(seconds=n), event) for n, event in enumerate(met)), 1, {})
    assert [line.level for line in lines_of_record(record, UTC)] == [Level.WARNINGS, Level.CHANGES]
    assert lines_of_record(None, UTC) == ()


@pytest.mark.parametrize(
    ("level", "asked", "many"),
    [(Level.ALL, "", 200), (Level.CHANGES, "", 0), (Level.ALL, "SHOW 899", 1), (Level.WARNINGS, "umbra", 1)],
)
def test_the_log_shows_two_hundred_lines_of_a_level_and_a_search(level: Level, asked: str, many: int) -> None:
    steps = (Progress(Phase.COMPARE, "", f"Show {number}", number, 900) for number in range(900))
    kept = told(events.Warning("show", "Umbra", "Away."), *steps)
    assert len(shown(lines_of_job(kept.heard, UTC), level, asked)) == many


def test_an_empty_log_says_what_it_lacks() -> None:
    assert nothing_shown(Level.ALL, " x ", None) == 'No line matches "x".'
    assert nothing_shown(Level.WARNINGS, "", ended(RunStatus.OK)) == "No warning in the last check."
    assert nothing_shown(Level.CHANGES, "", None) == "No change so far."
    assert nothing_shown(Level.ALL, "", ended(RunStatus.RUNNING)) == "Nothing so far."


KEPT = "before its end. What was found until then is kept."


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (ended(RunStatus.OK), "380 titles looked at. Nothing changed, nothing went wrong."),
        (ended(RunStatus.OK, number=1), "380 titles read for the first time. Nothing went wrong."),
        (ended(RunStatus.OK, titles=0), "Nothing changed, nothing went wrong."),
        (ended(RunStatus.OK, changes=2), "380 titles looked at. 2 changes, nothing went wrong."),
        (
            ended(RunStatus.PARTIAL, "24 titles are no longer in Plex."),
            "380 titles looked at. Nothing changed. 24 titles are no longer in Plex.",
        ),
        (ended(RunStatus.PARTIAL, "So it is", number=1), "380 titles read for the first time. So it is."),
        (ended(RunStatus.STOPPED), f"The check was stopped {KEPT}"),
        (ended(RunStatus.STOPPED, CUT_OFF), f"The check was cut off {KEPT}"),
        (ended(RunStatus.FAILED, "Plex did not answer."), "Plex did not answer."),
    ],
)
def test_where_nothing_was_told_of_the_last_check_it_says_what_was_done(last: RunRecord, said: str) -> None:
    assert nothing_shown(Level.ALL, "", last) == said
