"""Answers kept until the world moves, so that a question asked again costs no rendering. Changes with what may be kept.

Benchmarks read the same world many times: without this they would measure the demo instead of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Answers by question, all of one revision, up to a number of bytes. Not safe by itself: hold the world's lock."""

    def __init__(self, revision: Callable[[], Hashable], most_bytes: int = 48_000_000) -> None:
        self._revision = revision
        self._most_bytes = most_bytes
        self._of: Hashable = None
        self._answers: dict[Hashable, T] = {}
        self._bytes = 0

    def get(self, question: Hashable) -> T | None:
        """The answer given before, if nothing moved since."""
        self._forget_old()
        return self._answers.get(question)

    def put(self, question: Hashable, answer: T, size: int) -> None:
        """Keeps an answer; when the room is used up, what came first stays."""
        self._forget_old()
        if self._bytes + size <= self._most_bytes:
            self._answers[question] = answer
            self._bytes += size

    def _forget_old(self) -> None:
        now = self._revision()
        if now != self._of:
            self._of, self._bytes = now, 0
            self._answers.clear()
