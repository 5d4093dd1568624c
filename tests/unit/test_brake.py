"""The person's hand on a job: what is held by a pause, and what lets it go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from plexgap.domain.errors import Cancelled
from plexgap.jobs.pool import Pool
from plexgap.sources.ahead import in_order, result_of
from plexgap.sources.brake import Brake, hold, pass_by, paused_s
from plexgap.sources.http import Transport
from tests.scripted import Answer, FakeTime, ScriptedServer

LONG_S = 10.0
SHORT_S = 0.2


class Waiting(threading.Thread):
    """Does something on a thread of its own; `result` or `error` is what came of it."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.result: object = None
        self.error: Cancelled | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.act()
        except Cancelled as error:
            self.error = error

    def ended(self, within_s: float = LONG_S) -> bool:
        self.join(within_s)
        return not self.is_alive()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(Answer(json={"id": 1})) as made:
        yield made


def ask(server: ScriptedServer, stop: threading.Event, **given: object) -> Transport:
    values: dict[str, object] = {"cache_path": None, "requests_per_second": 0, "workers": 2, **given}
    return Transport(service="TMDB", base_url=server.url, stop=stop, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("leave", [Brake.go_on, Brake.set])
def test_a_pause_lasts_until_the_person_goes_on_or_stops(leave: Callable[[Brake], None]) -> None:
    brake = Brake()
    brake.pause()
    held = Waiting(brake.hold)
    assert not held.ended(SHORT_S)
    leave(brake)
    assert held.ended()


def test_what_is_held_when_the_person_stops_is_cancelled() -> None:
    brake = Brake()
    brake.pause()
    held = Waiting(lambda: pass_by(brake))
    brake.set()
    assert held.ended()
    assert isinstance(held.error, Cancelled)


def test_what_is_stopped_can_not_be_paused_any_more() -> None:
    brake = Brake()
    brake.set()
    brake.pause()
    assert Waiting(brake.hold).ended()


def test_an_ordinary_event_is_never_paused() -> None:
    stop = threading.Event()
    hold(stop)
    pass_by(stop)
    assert paused_s(stop) == 0


def test_the_seconds_of_all_pauses_are_added_up() -> None:
    time = FakeTime()
    brake = Brake(time.clock)
    for seconds in (5.0, 7.0):
        brake.pause()
        brake.pause()
        time.seconds += seconds
        brake.go_on()
        brake.go_on()
        time.seconds += 100
    assert paused_s(brake) == 12
    brake.pause()
    time.seconds += 3
    assert paused_s(brake) == 15


def test_no_request_starts_in_a_pause_and_it_is_sent_after_it(server: ScriptedServer) -> None:
    brake = Brake()
    brake.pause()
    asked = Waiting(lambda: ask(server, brake).get("/tv/1"))
    assert not asked.ended(SHORT_S)
    assert server.asked == []
    brake.go_on()
    assert asked.ended()
    assert (asked.result, len(server.asked)) == (b'{"id": 1}', 1)


@pytest.mark.parametrize(
    "first",
    [Answer(status=500), Answer(status=429, headers={"Retry-After": "30"}, json={}), Answer(drop=True)],
    ids=["back-off", "Retry-After", "broken connection"],
)
def test_a_further_try_waits_for_the_end_of_a_pause_too(first: Answer, server: ScriptedServer) -> None:
    server.on("/tv/1", first, Answer(json={"id": 1}))
    time, brake, paused = FakeTime(), Brake(), threading.Event()

    def wait(seconds: float) -> bool:
        brake.pause()
        paused.set()
        return time.wait(seconds)

    asked = Waiting(lambda: ask(server, brake, clock=time.clock, wait=wait).get("/tv/1"))
    assert paused.wait(LONG_S)
    assert not asked.ended(SHORT_S)
    assert len(server.asked) == 1
    brake.go_on()
    while not asked.ended(0.01):
        brake.go_on()
    assert (asked.result, len(server.asked)) == (b'{"id": 1}', 2)


def test_an_answer_that_comes_in_a_pause_is_kept_for_its_end_and_dropped_by_a_stop(server: ScriptedServer) -> None:
    for leave, kept in ((Brake.go_on, b'{"id": 1}'), (Brake.set, None)):
        brake = Brake()
        asked, release = server.hold("/tv/1")
        held = Waiting(partial(ask(server, brake).get, "/tv/1"))
        assert asked.wait(LONG_S)
        brake.pause()
        release.set()
        assert not held.ended(SHORT_S)
        leave(brake)
        assert held.ended()
        assert held.result == kept


def test_a_long_pause_makes_no_outage_of_a_few_failures(server: ScriptedServer) -> None:
    time = FakeTime()
    brake = Brake(time.clock)
    server.otherwise = Answer(status=500)
    transport = ask(server, brake, clock=time.clock, wait=lambda seconds: False)
    for number in range(5):
        with pytest.raises(Exception, match="a fault of the server"):
            transport.get(f"/tv/{number}")
        brake.pause()
        time.seconds += 3600
        brake.go_on()
    assert len(server.asked) == 15


def test_a_pause_holds_what_is_handed_out_in_order_and_what_a_pool_gives() -> None:
    def of_a_pool(brake: Brake) -> list[int | None]:
        with Pool[int, int](abs, 2, brake) as pool:
            return [done.result for done in pool.results([1]) if done is not None]

    def in_turn(brake: Brake) -> list[int]:
        return list(in_order([lambda: 1], 2, brake))

    for act in (of_a_pool, in_turn, lambda brake: [result_of(lambda: 1, brake)]):
        brake = Brake()
        brake.pause()
        held = Waiting(partial(act, brake))
        assert not held.ended(SHORT_S)
        brake.go_on()
        assert held.ended()
        assert held.result == [1]


def test_a_stop_ends_a_pause_while_the_call_hangs() -> None:
    brake, release = Brake(), threading.Event()
    brake.pause()
    held = Waiting(lambda: result_of(release.wait, brake))
    brake.set()
    assert held.ended()
    assert isinstance(held.error, Cancelled)
    release.set()
