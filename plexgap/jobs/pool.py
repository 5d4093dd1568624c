"""Work in parallel that can be left at any moment. Changes when the way threads are used changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Thread
from typing import Generic, TypeVar

from plexgap.domain.errors import Cancelled, PlexgapError

Task = TypeVar("Task")
Result = TypeVar("Result")

_LOOK_UP_S = 0.1


@dataclass(frozen=True, slots=True)
class Done(Generic[Task, Result]):
    """A task with its result, or the error that stands in its place."""

    task: Task
    result: Result | None
    error: BaseException | None = None


def in_parallel(
    work: Callable[[Task], Result], tasks: Iterable[Task], workers: int, stop: Signal
) -> Iterator[Done[Task, Result] | None]:
    """Every task's result as it comes, in no order; None a few times a second while there is nothing to give.

    A PlexgapError is handed over as a value: one failing title never stops the others. Anything else is raised here.
    Cancelled is raised as soon as `stop` is set. The threads are daemons and start no new task once the caller has
    left, so neither a stop nor the end of the process waits for a request that hangs.
    """
    waiting: SimpleQueue[Task] = SimpleQueue()
    for task in tasks:
        waiting.put(task)
    count = waiting.qsize()
    finished: SimpleQueue[Done[Task, Result]] = SimpleQueue()
    left = Signal()
    for number in range(min(workers, count)):
        Thread(
            target=_work_off, args=(work, waiting, finished, left), name=f"plexgap-worker-{number}", daemon=True
        ).start()
    try:
        while count:
            if stop.is_set():
                raise Cancelled
            try:
                done = finished.get(timeout=_LOOK_UP_S)
            except Empty:
                yield None
                continue
            if isinstance(done.error, Cancelled) or not isinstance(done.error, PlexgapError | None):
                raise done.error
            count -= 1
            yield done
    finally:
        left.set()


def _work_off(
    work: Callable[[Task], Result],
    waiting: SimpleQueue[Task],
    finished: SimpleQueue[Done[Task, Result]],
    left: Signal,
) -> None:
    while not left.is_set():
        try:
            task = waiting.get_nowait()
        except Empty:
            return
        try:
            finished.put(Done(task, work(task)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            finished.put(Done(task, None, error))
