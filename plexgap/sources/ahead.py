"""Calls made ahead in daemon threads, their results taken in order. Changes when the way of waiting changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from itertools import islice
from threading import Event as Signal
from threading import Thread
from typing import TypeVar

from plexgap.sources.brake import pass_by

T = TypeVar("T")

_LOOK_UP_S = 0.1


def in_order(calls: Iterable[Callable[[], T]], at_once: int, stop: Signal) -> Iterator[T]:
    """The results, or the first error, in the order of the calls.

    At most `at_once` of them run or wait to be taken, so that a slow taker never makes them pile up. Cancelled is
    raised as soon as `stop` is set, whatever the calls are at: neither a stop nor the end of the process waits for
    a request that hangs. In a pause nothing is handed out; what comes in is kept for when it ends.
    """
    left = iter(calls)
    ahead = deque(_start(call) for call in islice(left, at_once))
    while ahead:
        result = _result(ahead.popleft(), stop)
        ahead.extend(_start(call) for call in islice(left, 1))
        yield result


def result_of(call: Callable[[], T], stop: Signal) -> T:
    """One call, waited for in the same way."""
    return _result(_start(call), stop)


def _start(call: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
            future.set_exception(error)

    Thread(target=run, name="plexgap-ahead", daemon=True).start()
    return future


def _result(future: Future[T], stop: Signal) -> T:
    while not future.done():
        pass_by(stop)
        wait((future,), timeout=_LOOK_UP_S)
    pass_by(stop)
    return future.result()
