"""One background job a process: what any number of pages can see of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest

from plexgap.domain import events
from plexgap.domain.errors import Cancelled, Rejected
from plexgap.domain.events import Event, Phase, RunStatus, Stats
from plexgap.jobs.runner import Job, Runner, Snapshot
from tests.scripted import FakeTime

LONG_S = 10


def runner(clock: Callable[[], float] = lambda: 0.0) -> Runner:
    return Runner(now=lambda: datetime(2026, 11, 21, tzinfo=UTC), clock=clock)


def of(*told: Event) -> Job:
    return lambda stop: iter(told)


class Held:
    """A job that tells its first events, then waits until it is let go on or stopped."""

    def __init__(self, *first: Event) -> None:
        self.first = first
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, stop: threading.Event) -> Iterator[Event]:
        yield from self.first
        self.reached.set()
        while not (stop.wait(0.005) or self.go_on.is_set()):
            pass
        yield events.RunDone(RunStatus.STOPPED if stop.is_set() else RunStatus.OK, Stats(shows=3))


def test_a_job_is_running_from_the_moment_it_is_started() -> None:
    one, job = runner(), Held()
    assert one.start(job, mode="full", by="you")
    snap = one.snapshot
    assert (snap.running, snap.mode, snap.by, snap.number) == (True, "full", "you", 1)
    job.go_on.set()
    assert one.wait(LONG_S)
    ended = one.snapshot
    assert (ended.status, ended.stats) == (RunStatus.OK, Stats(shows=3))


def test_a_second_job_is_refused_while_one_runs_and_taken_after_it() -> None:
    one, job = runner(), Held()
    one.start(job)
    assert not one.start(of())
    assert one.snapshot.number == 1
    one.cancel()
    assert one.wait(LONG_S)
    assert one.start(of())
    assert one.wait(LONG_S)
    assert (one.snapshot.number, one.snapshot.status) == (2, RunStatus.OK)


def test_cancelling_says_so_until_the_job_has_ended() -> None:
    one, job = runner(), Held()
    one.start(job)
    assert job.reached.wait(LONG_S)
    one.cancel()
    assert one.snapshot.stopping or not one.snapshot.running
    assert one.wait(LONG_S)
    assert (one.snapshot.status, one.snapshot.stopping) == (RunStatus.STOPPED, False)


def test_cancelling_nothing_does_nothing() -> None:
    one = runner()
    one.cancel()
    assert one.snapshot.status is None
    one.start(of())
    assert one.wait(LONG_S)
    assert one.snapshot.status is RunStatus.OK


def test_progress_adds_up_over_the_libraries_of_a_phase_and_begins_anew_with_the_next() -> None:
    one = runner()
    mirror = Held(
        events.RunStarted("full"),
        events.PhaseStarted(Phase.MIRROR),
        events.Total(Phase.MIRROR, "TV", 10),
        events.Total(Phase.MIRROR, "Anime", 30),
        events.Progress(Phase.MIRROR, "TV", "Kestrel House", 10, 10),
        events.Progress(Phase.MIRROR, "Anime", "Paper Wolves", 5, 30),
    )
    one.start(mirror)
    assert mirror.reached.wait(LONG_S)
    snap = one.snapshot
    assert (snap.done, snap.total, snap.library, snap.item, snap.mode) == (15, 40, "Anime", "Paper Wolves", "full")
    one.cancel()
    assert one.wait(LONG_S)
    compare = Held(events.PhaseStarted(Phase.MIRROR), *mirror.first[2:], events.PhaseStarted(Phase.COMPARE))
    one.start(compare)
    assert compare.reached.wait(LONG_S)
    assert (one.snapshot.phase, one.snapshot.done, one.snapshot.total) == (Phase.COMPARE, 0, 0)
    one.cancel()
    assert one.wait(LONG_S)


def test_the_bar_says_how_much_of_all_libraries_is_read_and_never_goes_back() -> None:
    one = runner()
    shares: list[tuple[str, float]] = []

    def job(stop: threading.Event) -> Iterator[Event]:
        yield events.PhaseStarted(Phase.MIRROR)
        libraries = {"Films": 10, "TV": 980, "Anime": 10, "Empty": 0}
        for library, total in libraries.items():
            yield events.Total(Phase.MIRROR, library, total)
        for library, total in libraries.items():
            for done in (total // 2, total):
                yield events.Progress(Phase.MIRROR, library, "", done, total)
                snap = one.snapshot
                shares.append((snap.place, snap.share))
        yield events.Progress(Phase.MIRROR, "Plex watchlist", "", 0, 1000)
        shares.append(("", one.snapshot.share))

    one.start(job)
    assert one.wait(LONG_S)
    assert shares == [
        *[("Films (1/4)", 0.005), ("Films (1/4)", 0.01)],
        *[("TV (2/4)", 0.5), ("TV (2/4)", 0.99)],
        *[("Anime (3/4)", 0.995), ("Anime (3/4)", 1), ("Empty (4/4)", 1), ("Empty (4/4)", 1), ("", 1)],
    ]


def test_comparing_counts_titles_over_all_libraries_at_once() -> None:
    one = runner()
    told = [events.Progress(Phase.COMPARE, library, "A", done, 4) for done, library in ((1, "TV"), (2, "Anime"))]
    one.start(of(events.PhaseStarted(Phase.COMPARE), events.Total(Phase.COMPARE, "", 4), *told))
    assert one.wait(LONG_S)
    snap = one.snapshot
    assert (snap.done, snap.total, snap.share) == (2, 4, 0.5)


def test_changes_and_warnings_are_counted_and_only_the_latest_warnings_kept() -> None:
    one = runner()
    told = [events.Warning("show", f"Show {number}", "TMDB did not answer.") for number in range(70)]
    one.start(of(events.Change("added", "episode", "A"), *told, events.Change("removed", "episode", "B")))
    assert one.wait(LONG_S)
    snap = one.snapshot
    assert (snap.changes, snap.warning_count, len(snap.warnings)) == (2, 70, 50)
    assert snap.warnings[-1].title == "Show 69"


def test_time_left_follows_the_speed_of_the_last_seconds() -> None:
    time = FakeTime()
    one = runner(clock=time.clock)
    seen: list[Snapshot] = []

    def job(stop: threading.Event) -> Iterator[Event]:
        yield events.PhaseStarted(Phase.COMPARE)
        yield events.Total(Phase.COMPARE, "", 60)
        for done in (10, 20):
            time.seconds += 2
            yield events.Progress(Phase.COMPARE, "", "A", done, 60)
        seen.append(one.snapshot)
        one.pause()
        time.seconds += 3600
        seen.append(one.snapshot)
        one.go_on()
        seen.append(one.snapshot)

    one.start(job)
    assert one.wait(LONG_S)
    for snap in seen:
        assert (snap.speed, snap.speeds, snap.seconds_left) == (5, (0, 0, 10 / 3, 2.5), 8)
        assert (snap.seconds, snap.phase_seconds) == (4, 4)
    assert [snap.paused for snap in seen] == [False, True, False]
    assert (one.snapshot.seconds_left, one.snapshot.seconds) == (None, 4)


def test_a_pause_holds_the_job_between_two_steps_and_outlives_every_look_at_it() -> None:
    one = runner()
    told: list[int] = []
    first, second = threading.Event(), threading.Event()

    def job(stop: threading.Event) -> Iterator[Event]:
        first.set()
        assert second.wait(LONG_S)
        for number in range(3):
            told.append(number)
            yield events.Change("added", "episode", "A")

    one.start(job)
    assert first.wait(LONG_S)
    one.pause()
    second.set()
    assert not one.wait(0.2)
    assert (one.snapshot.paused, one.snapshot.changes, told) == (True, 0, [0])
    one.go_on()
    assert one.wait(LONG_S)
    assert (one.snapshot.paused, one.snapshot.changes, one.snapshot.status) == (False, 3, RunStatus.OK)


def test_a_paused_job_that_is_stopped_ends() -> None:
    one, job = runner(), Held(events.Change("added", "episode", "A"))
    one.start(job)
    one.pause()
    one.cancel()
    assert one.wait(LONG_S)
    assert (one.snapshot.status, one.snapshot.paused) == (RunStatus.STOPPED, False)
    one.pause()
    assert not one.snapshot.paused


def test_requests_are_told_as_they_are_made_and_kept_at_the_end() -> None:
    one, counted = runner(), {"plex": 0}
    seen: list[Mapping[str, int]] = []

    def job(stop: threading.Event) -> Iterator[Event]:
        one.count_by(lambda: counted)
        for counted["plex"] in (1, 2):
            seen.append(one.snapshot.requests)
            yield events.Change("added", "episode", "A")
        counted["plex"] = 3

    one.start(job)
    assert one.wait(LONG_S)
    assert (seen, one.snapshot.requests) == ([{"plex": 1}, {"plex": 2}], {"plex": 3})
    one.start(of())
    assert one.wait(LONG_S)
    assert one.snapshot.requests == {}


def test_what_is_waited_for_is_told_until_the_run_begins() -> None:
    one = runner()
    seen: list[str] = []

    def job(stop: threading.Event) -> Iterator[Event]:
        yield events.Warning("run", "", "Another check runs.")
        seen.append(one.snapshot.waiting_for)
        yield events.RunStarted("full")
        seen.append(one.snapshot.waiting_for)

    one.start(job)
    assert one.wait(LONG_S)
    assert (seen, one.snapshot.warning_count) == (["Another check runs.", ""], 0)


def test_waiting_for_a_service_is_told_until_the_next_step() -> None:
    waiting = events.RateLimited("TMDB", datetime(2026, 11, 21, tzinfo=UTC))
    one = runner()
    job = Held(events.PhaseStarted(Phase.COMPARE), waiting)
    one.start(job)
    assert job.reached.wait(LONG_S)
    assert one.snapshot.waiting == waiting
    one.cancel()
    assert one.wait(LONG_S)
    assert one.snapshot.waiting is None


def failing(error: BaseException) -> Job:
    def job(stop: threading.Event) -> Iterator[Event]:
        yield events.RunStarted("full")
        raise error

    return job


def test_an_error_of_ours_ends_the_job_as_failed_with_its_advice() -> None:
    one, error = runner(), Rejected("Plex", "401", "Plex refused the token.")
    one.start(failing(error))
    assert one.wait(LONG_S)
    snap = one.snapshot
    assert (snap.status, snap.advice, snap.error, snap.code) == (
        RunStatus.FAILED,
        "Plex refused the token.",
        error,
        "",
    )


def test_a_fault_of_the_program_ends_the_job_as_failed_with_a_code_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = runner()
    one.start(failing(ZeroDivisionError("oops")))
    assert one.wait(LONG_S)
    snap = one.snapshot
    assert snap.status is RunStatus.FAILED
    assert len(snap.code) == 4
    assert snap.code in snap.advice
    assert any(snap.code in record.getMessage() and record.exc_info for record in caplog.records)
    assert one.start(of()), "the next job can be started"
    assert one.wait(LONG_S)


def test_a_job_that_was_stopped_by_an_error_of_stopping_is_stopped_not_failed() -> None:
    one = runner()
    one.start(failing(Cancelled()))
    assert one.wait(LONG_S)
    assert one.snapshot.status is RunStatus.STOPPED


def test_forgetting_leaves_a_running_job_alone() -> None:
    one, job = runner(), Held()
    one.start(job)
    one.forget()
    assert one.snapshot.running
    job.go_on.set()
    assert one.wait(LONG_S)
    one.forget()
    assert (one.snapshot.status, one.snapshot.number) == (None, 2)
