"""What a check tells while it runs: totals before the walk, and a bar that never goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plexgap.domain.events import Event, Phase, PhaseStarted, Progress, RunStatus, Total
from plexgap.jobs.runner import Runner, Snapshot
from plexgap.jobs.scan import Mode
from tests.scan.conftest import Install

LONG_S = 60.0


@pytest.mark.parametrize("modes", [[Mode.FULL], [Mode.FULL, Mode.REFRESH]], ids=["full", "refresh"])
def test_sizes_stand_before_the_walk_and_the_bar_never_goes_back(modes: list[Mode], install: Install) -> None:
    installation = install(episodes=400, films=60)
    for mode in modes[:-1]:
        installation.scan(mode)
    installation.clock.pass_by(days=9)
    for name in ("plex", "tmdb"):
        installation.demo.knobs[name].set_latency(0.03)
    runner = Runner()
    told: list[Event] = []
    seen: list[Snapshot] = []

    def job(_: object) -> Iterator[Event]:
        for event in installation.events(modes[-1]):
            yield event
            told.append(event)
            seen.append(runner.snapshot)

    assert runner.start(job)
    assert runner.wait(LONG_S)
    assert runner.snapshot.status is RunStatus.OK
    for phase in Phase:
        walk = [event for event in told if isinstance(event, Total | Progress) and event.phase is phase]
        first = next((number for number, event in enumerate(walk) if isinstance(event, Progress)), 0)
        assert not any(isinstance(event, Total) for event in walk[first:])
        snaps = [snap for snap in seen if snap.phase is phase]
        assert [snap.share for snap in snaps] == sorted(snap.share for snap in snaps)
        assert [snap.done for snap in snaps] == sorted(snap.done for snap in snaps)
    begun = [event.phase for event in told if isinstance(event, PhaseStarted)]
    assert begun == ([Phase.COMPARE, Phase.FILMS] if modes[-1] is Mode.REFRESH else list(Phase))
    assert all(snap.share == pytest.approx(1) for snap in seen[-1:])
