"""Questions that are asked once a run, however many threads want their answer. Changes when answers are shared in
another way."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Once(Generic[Key, Answer]):
    """The answers to questions of one kind. `in` and `len` are of those that were asked, answered or not."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Key, Future[Answer]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._asked

    def __len__(self) -> int:
        return len(self._asked)

    def answer(self, key: Key, ask: Callable[[], Answer]) -> Answer:
        """What `ask` gave or raised, to whichever thread came first; all others wait for it."""
        with self._lock:
            mine = key not in self._asked
            future = self._asked.setdefault(key, Future())
        if mine:
            try:
                future.set_result(ask())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
