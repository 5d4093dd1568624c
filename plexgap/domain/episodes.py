"""Episode numbers and how they print. Changes when the way numbers are written changes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

SPECIALS = 0


class EpisodeNumber(NamedTuple):
    """Season and number in some order: integers without an upper bound; season 0 holds the specials."""

    season: int
    number: int

    @property
    def is_special(self) -> bool:
        return self.season == SPECIALS

    def __str__(self) -> str:
        return f"S{self.season:02d}E{self.number:02d}"


def numbers_label(season: int, numbers: Iterable[int], most: int = 6) -> str:
    """ "S02 E03, E05-E07": numbers as wide as they are, runs joined, at most `most` pieces, then "and 9 more"."""
    ordered = sorted(set(numbers))
    if len(ordered) == 1:
        return f"S{season:02d} E{ordered[0]:02d}"
    runs = [[number for _, number in run] for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])]
    shown = runs if len(runs) <= most else runs[: max(1, most // 3)]
    pieces = [f"E{run[0]:02d}" if len(run) == 1 else f"E{run[0]:02d}-E{run[-1]:02d}" for run in shown]
    left = sum(len(run) for run in runs[len(shown) :])
    more = f" and {left} more" if left else ""
    return f"S{season:02d} {', '.join(pieces)}{more}"
