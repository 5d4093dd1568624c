from __future__ import annotations

import threading

import pytest

from plexgap.domain.errors import Cancelled, Unreachable
from plexgap.jobs.pool import in_parallel


def results(done: object) -> list[object]:
    return [one.result for one in done if one is not None]  # type: ignore[attr-defined]


def test_every_task_gives_its_result() -> None:
    found = results(in_parallel(lambda n: n * n, range(50), workers=4, stop=threading.Event()))
    assert sorted(found) == [n * n for n in range(50)]  # type: ignore[type-var]


def test_no_task_is_no_work() -> None:
    assert list(in_parallel(lambda n: n, [], workers=4, stop=threading.Event())) == []


def test_failing_task_does_not_stop_the_others() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise Unreachable("TMDB", "time-out")
        return number

    done = [one for one in in_parallel(work, range(6), workers=2, stop=threading.Event()) if one is not None]
    assert [one.task for one in done if one.error is not None] == [3]
    assert len(done) == 6


def test_fault_of_our_own_is_raised_where_the_results_are_read() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(lambda n: 1 // n, [0], workers=2, stop=threading.Event()))


def test_stop_is_answered_while_every_worker_hangs() -> None:
    stop, release = threading.Event(), threading.Event()
    begun: list[int] = []

    def hang(number: int) -> None:
        begun.append(number)
        release.wait()

    walk = in_parallel(hang, range(9), workers=2, stop=stop)
    assert next(walk) is None
    stop.set()
    with pytest.raises(Cancelled):
        next(walk)
    release.set()
    assert len(begun) == 2


def test_no_new_task_is_begun_after_the_caller_has_left() -> None:
    gate = threading.Semaphore(0)
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        gate.acquire()
        return number

    walk = in_parallel(work, range(100), workers=1, stop=threading.Event())
    gate.release()
    while next(walk) is None:
        pass
    walk.close()  # type: ignore[attr-defined]
    left = len(begun)
    gate.release(100)
    assert left <= 2
