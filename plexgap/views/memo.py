"""What was made for one report and may stand in the next one unchanged. Changes when another part is worth keeping.

A report of thousands of shows is made anew whenever anything moves; nearly all of it is then what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

Part = TypeVar("Part")


class Memo:
    """Parts by name, each with the facts it was made from. Thread-safe; keeps what the last report had."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._before: dict[Hashable, tuple[object, Any]] = {}
        self._now: dict[Hashable, tuple[object, Any]] = {}

    def __enter__(self) -> Memo:
        """One report begins; another one waits until it is made."""
        self._lock.acquire()
        self._now = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._before, self._now = self._now, {}
        self._lock.release()

    def part(self, name: Hashable, facts: object, make: Callable[[], Part]) -> Part:
        """The part of that name as it was made from equal facts, else made now."""
        known = self._before.get(name)
        made: Part = known[1] if known is not None and known[0] == facts else make()
        self._now[name] = (facts, made)
        return made
