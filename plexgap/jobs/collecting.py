"""Python's collector of cycles while a scan runs. Changes when the way memory is looked after changes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_YOUNG = 500_000


class _Rarely:
    """How many ask for it at the moment, and what was set before the first of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if not self._count:
                self._before = gc.get_threshold()
                gc.set_threshold(_YOUNG, *self._before[1:])
            self._count += 1

    def end(self) -> None:
        with self._lock:
            self._count -= 1
            if not self._count:
                gc.set_threshold(*self._before)


_RARELY = _Rarely()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Inside, the process looks for cycles only once half a million values have come to stay.

    A library's rows are made and dropped by the ten thousand and none of them is in a cycle: looking them over, with
    all that a dashboard holds in memory, would take a tenth of a scan's time.
    """
    _RARELY.begin()
    try:
        yield
    finally:
        _RARELY.end()
