"""Work in parallel that can be left at any moment. Changes when the way threads are used changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from queue import Empty, PriorityQueue, SimpleQueue
from threading import Event as Signal
from threading import Thread
from typing import Generic, TypeVar

from plexgap.domain.errors import Cancelled, PlexgapError
from plexgap.sources.brake import hold, pass_by

Task = TypeVar("Task")
Result = TypeVar("Result")

_LOOK_UP_S = 0.1
_ASKED_FOR, _AHEAD, _NOTHING_MORE = range(3)


@dataclass(frozen=True, slots=True)
class Done(Generic[Task, Result]):
    """A task with its result, or the error that stands in its place."""

    task: Task
    result: Result | None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Task, Result]):
    """A task, and where its result goes; None: nobody asked for it yet."""

    task: Task
    finished: SimpleQueue[Done[Task, Result]] | None


class Pool(Generic[Task, Result]):
    """Daemon threads that work off tasks: neither a stop nor the end of the process waits for one that hangs."""

    def __init__(self, work: Callable[[Task], Result], workers: int, stop: Signal) -> None:
        self._work = work
        self._workers = workers
        self._stop = stop
        self._left = Signal()
        self._waiting: PriorityQueue[tuple[int, int, _Waiting[Task, Result] | None]] = PriorityQueue()
        self._number = count()
        self._threads: list[Thread] = []

    def __enter__(self) -> Pool[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        """No new task is begun from here on."""
        self._left.set()
        for _thread in self._threads:
            self._waiting.put((_NOTHING_MORE, next(self._number), None))

    def begin(self, tasks: Iterable[Task]) -> None:
        """Works these off in the background, after those whose results are asked for; what becomes of them is met
        again by whoever asks for their results."""
        self._add(tasks, None)

    def results(self, tasks: Iterable[Task]) -> Iterator[Done[Task, Result] | None]:
        """Every task's result as it comes, in no order; None a few times a second while there is nothing to give.

        A PlexgapError is handed over as a value: one failing title never stops the others. Anything else is raised
        here. Cancelled is raised as soon as `stop` is set. In a pause it waits, and no task is begun.
        """
        finished: SimpleQueue[Done[Task, Result]] = SimpleQueue()
        left = self._add(tasks, finished)
        while left:
            pass_by(self._stop)
            try:
                done = finished.get(timeout=_LOOK_UP_S)
            except Empty:
                yield None
                continue
            pass_by(self._stop)
            if isinstance(done.error, Cancelled) or not isinstance(done.error, PlexgapError | None):
                raise done.error
            left -= 1
            yield done

    def _add(self, tasks: Iterable[Task], finished: SimpleQueue[Done[Task, Result]] | None) -> int:
        added = list(tasks)
        urgency = _AHEAD if finished is None else _ASKED_FOR
        for task in added:
            self._waiting.put((urgency, next(self._number), _Waiting(task, finished)))
        for number in range(len(self._threads), min(self._workers, len(self._threads) + len(added))):
            thread = Thread(target=self._run, name=f"plexgap-worker-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return len(added)

    def _run(self) -> None:
        while True:
            _, _, waiting = self._waiting.get()
            hold(self._stop)
            if waiting is None or self._left.is_set() or self._stop.is_set():
                return
            try:
                done = Done(waiting.task, self._work(waiting.task))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
                done = Done(waiting.task, None, error)
            if waiting.finished is not None:
                waiting.finished.put(done)
