"""How fast a job goes, how long it will take, and how often it tells of that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plexgap.domain import events
from plexgap.domain.events import Event, Phase
from plexgap.jobs.beat import at_most_ten_a_second
from plexgap.jobs.speed import SAMPLES, Speed
from tests.scripted import FakeTime


@pytest.mark.parametrize(
    ("looks", "at", "speed"),
    [
        pytest.param([], 5, 0, id="nothing yet"),
        pytest.param([(0, 0), (0.5, 100)], 0.5, 0, id="too early to say"),
        pytest.param([(0, 0), (2, 10)], 2, 5, id="two seconds"),
        pytest.param([(0, 0), (2, 10)], 4, 2.5, id="it has stood still since"),
        pytest.param([(0, 0), (5, 500), (10, 510), (20, 520)], 20, 1, id="what is over ten seconds old counts no more"),
        pytest.param([(0, 0), (12, 1000), (24, 2000)], 24, 1000 / 12, id="steps longer than ten seconds"),
        pytest.param([(0, 0), (12, 1000), (24, 2000)], 32, 50, id="between two long steps it doesn't fall to nothing"),
        pytest.param([(0, 100), (2, 50)], 2, 0, id="a library that is read once more"),
    ],
)
def test_the_speed_is_that_of_the_last_ten_seconds(looks: list[tuple[float, int]], at: float, speed: float) -> None:
    measured = Speed()
    for moment, done in looks:
        measured.moved(moment, done)
    assert measured.at(at) == pytest.approx(speed)
    assert measured.seconds_left(at, 30) == (pytest.approx(30 / speed) if speed else None)


def test_it_is_sampled_once_a_second_though_nobody_looks_and_a_minute_is_kept() -> None:
    measured = Speed()
    measured.moved(0, 0)
    for second in range(1, 5):
        measured.moved(second, second * 2)
    assert measured.sample(4.9) == pytest.approx((0, 1, 4 / 3, 1.5))
    kept = measured.sample(10_000)
    assert len(kept) == SAMPLES
    assert kept[-1] < 0.01


def progress(done: int) -> events.Progress:
    return events.Progress(Phase.COMPARE, "", "", done, 100)


def test_progress_comes_at_most_ten_times_a_second_and_the_last_of_a_phase_always() -> None:
    time = FakeTime()
    change = events.Change("added", "episode", "A")

    def stream() -> Iterator[Event]:
        for phase in Phase:
            yield events.PhaseStarted(phase)
            for done in range(1, 101):
                time.seconds += 0.01
                yield progress(done)
                yield change
            yield events.PhaseDone(phase, 1.0)

    told = [(time.seconds, event) for event in at_most_ten_a_second(stream(), time.clock)]
    moments = [at for at, event in told if isinstance(event, events.Progress)]
    assert len(moments) > 3 * 6
    assert all(sum(at <= other < at + 1 for other in moments) <= 10 for at in moments)
    assert sum(event is change for _, event in told) == 300
    before_the_ends = [told[number - 1][1] for number, (_, e) in enumerate(told) if isinstance(e, events.PhaseDone)]
    assert before_the_ends == [progress(100)] * 3


def test_a_single_step_is_told() -> None:
    time = FakeTime()
    stream: list[Event] = [progress(1), events.PhaseDone(Phase.COMPARE, 0.0)]
    assert list(at_most_ten_a_second(iter(stream), time.clock)) == stream
