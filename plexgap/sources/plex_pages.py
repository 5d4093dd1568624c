"""A list of Plex that is read page by page, and the proof that it is whole. Changes when that proof does.

Source: design/mirror.md 2 ("Complete"), reference/plex.md 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from plexgap.domain.errors import IncompleteListing
from plexgap.domain.library import ItemRow, Kind, Page


@dataclass(frozen=True, slots=True)
class Piece:
    """What one request brought. `count`: elements, those without a rating key included."""

    rows: tuple[ItemRow, ...]
    count: int
    announced: int | None


@dataclass(frozen=True, slots=True)
class Pages:
    """One listing; `name` is what a person calls it."""

    key: str
    name: str
    kind: Kind

    def total(self, first: Piece, asked: int, start: int = 0) -> int:
        """How many rows there are, from the first piece, which begins at `start`. Without a total a full page proves
        nothing."""
        if first.announced is None and (start or first.count == asked):
            raise IncompleteListing(self.name, "Plex does not say how much there is")
        total = first.count if first.announced is None else first.announced
        self.check(first, start, total - start, total)
        return total

    def check(self, piece: Piece, start: int, wanted: int, total: int) -> None:
        if piece.announced not in (None, total):
            raise IncompleteListing(self.name, f"it changed from {total} to {piece.announced} while it was read")
        if (wanted and not piece.count) or piece.count > wanted:
            raise IncompleteListing(self.name, f"{start + piece.count} of {total} came")

    def page(self, start: int, total: int, rows: tuple[ItemRow, ...], seen: set[str]) -> Page:
        before = len(seen)
        seen.update(row.rating_key for row in rows)
        if len(seen) != before + len(rows):
            raise IncompleteListing(self.name, "the same item came twice")
        return Page(start, total, rows)
