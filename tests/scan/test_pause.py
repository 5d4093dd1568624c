"""A check that is paused and goes on, or is stopped, wherever it is: counted at the services themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from plexgap import wiring
from plexgap.demo.knobs import Fault
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.domain.events import PhaseDone, PhaseStarted, RunStarted, RunStatus
from plexgap.jobs.runner import Runner
from plexgap.jobs.scan import Mode, ScanPlan
from plexgap.sources.brake import Brake
from plexgap.views.runs import took
from plexgap.views.words import duration
from tests.scan.conftest import Clock, Install, Installation

LONG_S = 60.0
# The answers that are on their way come in, and every wait of these tests ends meanwhile.
QUIET_S = 2.5
EPISODES, FILMS = 400, 40
_MANY = 1_000_000

Gaps = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True)
class Place:
    """Where a check is when it is held: it asked a service for such a path, which is slow or fails in this way."""

    service: str
    pattern: str
    fault: str = ""
    given: Mapping[str, object] = field(default_factory=dict)

    def set_up(self, installation: Installation) -> Callable[[], bool]:
        """Turns the knobs; what it gives says whether the check is there."""
        knobs = installation.demo.knobs[self.service]
        if not self.fault:
            knobs.set_latency(0.2)
            return lambda: bool(knobs.matching(self.pattern))
        met: Fault = knobs.add(self.fault, self.pattern, count=_MANY, **self.given)  # type: ignore[arg-type]
        return lambda: (met.count or 0) < _MANY


PLACES = {
    "reading pages of Plex": Place("plex", r"/all\?type=\d"),
    "comparing": Place("tmdb", r"/3/tv/"),
    "films": Place("tmdb", r"/3/(movie|collection)/"),
    "Plex accepts and never answers": Place("plex", r"/all\?type=\d", "hang"),
    "TMDB accepts and never answers": Place("tmdb", r"/3/tv/", "hang"),
    "back-off of Plex": Place("plex", r"/all\?type=\d", "status", {"status": 503}),
    "back-off of TMDB": Place("tmdb", r"/3/tv/", "reset"),
    "Retry-After": Place("tmdb", r"/3/tv/", "status", {"status": 429, "retry_after": "2"}),
}
EVERYWHERE = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())


class Run:
    """A full check that runs as the dashboard runs it, held up at a place."""

    def __init__(self, install: Install, place: Place | None = None, requests_per_second: float = 0) -> None:
        self.installation = install(episodes=EPISODES, films=FILMS, requests_per_second=requests_per_second)
        is_there = place.set_up(self.installation) if place is not None else lambda: True
        self.runner = Runner()
        plan = ScanPlan(mode=Mode.FULL, by="a test")
        house = self.installation.house
        self.runner.start(lambda brake: wiring.run_scan(house, plan, brake, self.runner.count_by))
        until = time.monotonic() + LONG_S
        while not is_there():
            assert time.monotonic() < until, "it never came there"
            assert self.runner.snapshot.running, self.runner.snapshot.advice
            wait(0.005)

    @property
    def sent(self) -> Mapping[str, int]:
        return self.runner.snapshot.requests

    @property
    def answered(self) -> Mapping[str, int]:
        return {name: knobs.count for name, knobs in self.installation.demo.knobs.items()}

    def clear(self) -> None:
        for knobs in self.installation.demo.knobs.values():
            knobs.set_latency(0)
            knobs.clear()

    def gaps(self) -> Gaps:
        """What the library lacks, once the check has ended."""
        assert self.runner.wait(LONG_S)
        assert self.runner.snapshot.status is RunStatus.OK, self.runner.snapshot.advice
        return gaps(self.installation)


def gaps(installation: Installation) -> Gaps:
    report = installation.report
    return {
        **{show.title_id: (show.state, *show.missing) for show in report.shows},
        **{f"{one.tmdb_id}": tuple(line.tmdb_id for line in one.lines) for one in report.collections},
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Gaps:
    """What the same library lacks by a check that nobody held."""
    clock = Clock()
    with DemoServers(make_world(episodes=EPISODES, films=FILMS, now=clock)) as demo:
        installation = Installation(demo, clock, tmp_path_factory.mktemp("undisturbed"))
        installation.scan()
        found = gaps(installation)
        installation.house.close()
    return found


def wait(seconds: float) -> None:
    threading.Event().wait(seconds)


@EVERYWHERE
def test_nothing_is_asked_in_a_pause_and_the_check_ends_as_one_that_was_left_alone(
    place: Place, install: Install, undisturbed: Gaps
) -> None:
    run = Run(install, place)
    run.runner.pause()
    sent = run.sent
    wait(QUIET_S / 2)
    answered, before = run.answered, run.runner.snapshot
    wait(QUIET_S / 2)
    after = run.runner.snapshot
    assert (run.sent, run.answered) == (sent, answered)
    assert after.running
    assert after.paused
    assert (after.done, after.total, after.changes, after.seconds_left) == (
        *(before.done, before.total, before.changes, before.seconds_left),
    )
    assert after.seconds == before.seconds
    run.clear()
    run.runner.go_on()
    assert run.gaps() == undisturbed


def test_pauses_count_neither_in_the_check_nor_in_its_phases(install: Install) -> None:
    installation, brake = install(episodes=EPISODES, films=FILMS), Brake()
    paused_s = 0.5
    began, counted = {}, {}
    flow = installation.events(stop=brake)
    assert isinstance(next(flow), RunStarted)
    begun = time.monotonic()
    for event in flow:
        if isinstance(event, PhaseStarted):
            began[event.phase] = time.monotonic()
            brake.pause()
            wait(paused_s)
            brake.go_on()
        if isinstance(event, PhaseDone):
            counted[event.phase] = (event.seconds, time.monotonic() - began[event.phase] - paused_s)
    took_s = time.monotonic() - begun - paused_s * len(counted)
    assert len(counted) == 3
    for reported, worked in counted.values():
        assert reported == pytest.approx(worked, abs=paused_s / 4)
    run = installation.house.index.last_run()
    assert run is not None
    assert run.stats.seconds == pytest.approx(took_s, abs=paused_s)
    assert took(run) == duration(run.stats.seconds)


@EVERYWHERE
def test_a_stop_ends_it_at_once_and_what_was_done_is_kept(place: Place, install: Install) -> None:
    run = Run(install, place)
    run.runner.cancel()
    _has_stopped(run, place)


@pytest.mark.parametrize("name", ["reading pages of Plex", "TMDB accepts and never answers", "Retry-After"])
def test_a_stop_ends_a_paused_check_too(name: str, install: Install) -> None:
    run = Run(install, PLACES[name])
    run.runner.pause()
    run.runner.cancel()
    _has_stopped(run, PLACES[name])


def _has_stopped(run: Run, place: Place) -> None:
    begun = time.monotonic()
    assert run.runner.wait(LONG_S)
    assert time.monotonic() - begun < 3, "a second, on a machine that does nothing else"
    snap = run.runner.snapshot
    assert (snap.status, snap.paused, snap.stopping) == (RunStatus.STOPPED, False, False)
    assert run.installation.house.index.counts().shows or place.service == "plex"
    run.clear()
    wait(0.3)
    assert snap.stats is not None
    assert all(run.answered[name] <= sent for name, sent in snap.stats.requests.items() if name in run.answered)


def test_a_queue_for_the_next_turn_is_held_and_left_too(install: Install) -> None:
    run = Run(install, Place("tmdb", r"/3/tv/"), requests_per_second=2)
    run.runner.pause()
    sent = run.sent
    wait(QUIET_S)
    assert run.sent == sent
    run.runner.cancel()
    assert run.runner.wait(3)
    assert run.sent == sent
