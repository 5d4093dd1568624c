from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from plexgap.domain.errors import Cancelled, Unreachable
from plexgap.jobs.pool import Done, Pool


def results(done: Iterable[Done[int, int] | None]) -> list[int | None]:
    return [one.result for one in done if one is not None]


def test_every_task_gives_its_result() -> None:
    with Pool[int, int](lambda number: number * number, 4, threading.Event()) as pool:
        assert sorted(results(pool.results(range(50))), key=str) == sorted([n * n for n in range(50)], key=str)


def test_no_task_is_no_work() -> None:
    with Pool[int, int](lambda number: number, 4, threading.Event()) as pool:
        assert list(pool.results([])) == []


def test_failing_task_does_not_stop_the_others() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise Unreachable("TMDB", "time-out")
        return number

    with Pool(work, 2, threading.Event()) as pool:
        done = [one for one in pool.results(range(6)) if one is not None]
    assert [one.task for one in done if one.error is not None] == [3]
    assert len(done) == 6


def test_fault_of_our_own_is_raised_where_the_results_are_read() -> None:
    with Pool[int, int](lambda number: 1 // number, 2, threading.Event()) as pool, pytest.raises(ZeroDivisionError):
        list(pool.results([0]))


def test_what_is_begun_in_the_background_runs_before_its_result_is_asked_for() -> None:
    begun = threading.Event()

    def work(number: int) -> int:
        begun.set()
        return number

    with Pool(work, 1, threading.Event()) as pool:
        pool.begin([1])
        assert begun.wait(timeout=10)
        assert results(pool.results([2])) == [2]


def test_results_that_are_asked_for_come_before_what_was_begun_ahead() -> None:
    first, gate = threading.Event(), threading.Event()
    order: list[int] = []

    def work(number: int) -> int:
        order.append(number)
        first.set()
        gate.wait()
        return number

    with Pool[int, int](work, 1, threading.Event()) as pool:
        pool.begin([1, 2, 3])
        assert first.wait(timeout=10)
        walk = pool.results([9])
        next(walk)
        gate.set()
        assert [*results(walk)] == [9]
    assert order[:2] == [1, 9]


def test_stop_is_answered_while_every_worker_hangs() -> None:
    stop, release = threading.Event(), threading.Event()
    begun: list[int] = []

    def hang(number: int) -> int:
        begun.append(number)
        release.wait()
        return number

    with Pool(hang, 2, stop) as pool:
        walk = pool.results(range(9))
        assert next(walk) is None
        stop.set()
        with pytest.raises(Cancelled):
            next(walk)
    release.set()
    assert len(begun) <= 2


def test_no_new_task_is_begun_after_the_caller_has_left() -> None:
    gate, ended = threading.Event(), threading.Event()
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        gate.wait()
        ended.set()
        return number

    with Pool(work, 1, threading.Event()) as pool:
        pool.begin(range(100))
    gate.set()
    assert not begun or ended.wait(timeout=10)
    assert begun in ([], [0])
