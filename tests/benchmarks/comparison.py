"""What comparing alone costs: orders, pairing, gaps, doubt; no HTTP, no disk. Not part of the suite.

    .venv/bin/python -m tests.benchmarks.comparison

Aim: 17,000 episodes in under a second, and no more an episode at 400,000.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from plexgap.domain.ids import Source
from plexgap.domain.library import HeldShow
from plexgap.domain.verdicts import Comparison
from plexgap.gaps.diff import compare, season_rows
from plexgap.gaps.doubt import doubt
from plexgap.gaps.orders import Wishes, settle
from tests.support import NOW, show_item
from tests.title_bed import Broadcast, Shelf

_A_SHOW = 57
_SIZES = (17_100, 399_000)
_NUMBERS = "1x1-19 2x1-19 3x1-19"


def libraries(episodes: int) -> Iterator[tuple[HeldShow, Shelf]]:
    """Shows of three seasons, two episodes lacking each; every other one without episode ids."""
    broadcast = Broadcast()
    shelf = Shelf.of(broadcast, {"aired": _NUMBERS}, {})
    held = [broadcast.held(_NUMBERS, without=[7, 40], ids=ids) for ids in ((Source.TMDB,), ())]
    for place in range(episodes // _A_SHOW):
        show = held[place % 2]
        yield HeldShow(show_item(str(place + 1)), tuple(replace(episode) for episode in show.episodes)), shelf


def judged(show: HeldShow, shelf: Shelf) -> Comparison:
    """As a scan judges it, from what is held and what is listed."""
    first = next(iter(shelf.listings.values()))
    settled = settle([show], first, Wishes((Source.TMDB,)), shelf)
    comparison = compare(settled)
    doubt(comparison, season_rows(settled, comparison), settled.shown.order, "TMDB", NOW.date())
    return comparison


def main() -> int:
    seconds = {}
    for episodes in _SIZES:
        known = list(libraries(episodes))
        begun = time.process_time()
        absent = sum(len(judged(show, shelf).absent) for show, shelf in known)
        seconds[episodes] = time.process_time() - begun
        each = 1e6 * seconds[episodes] / episodes
        sys.stdout.write(
            f"{episodes:>9,} episodes, {absent:,} absent: {seconds[episodes]:.2f} s CPU, {each:.1f} us each\n"
        )
    small, large = _SIZES
    growth = (seconds[large] / large) / (seconds[small] / small)
    sys.stdout.write(f"an episode of the large library costs {growth:.2f} times one of the small\n")
    return 0 if seconds[small] < 1 and growth < 1.3 else 1


if __name__ == "__main__":
    sys.exit(main())
