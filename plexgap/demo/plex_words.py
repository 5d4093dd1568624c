"""The plain values that Plex's answers are made of, and what a question asks of each row. Changes with questions."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | float | bool | list["Row"]
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the question asks of each row. `detail`: a single-item read, which says more."""

    guids: bool = False
    detail: bool = False
    preferences: bool = False
    without: frozenset[str] = frozenset()

    def trim(self, row: Row) -> Row:
        """The row without the elements and fields that were excluded."""
        for name in self.without:
            row.pop(name, None)
        return row
