"""The simulation itself: every show in every combination, and every show behind another one's ids.

Changes when something else is tried.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from tests.simulation import judged
from tests.simulation.libraries import (
    COMBINATIONS,
    DIMENSIONS,
    Combination,
    Dates,
    Ids,
    Key,
    Library,
    library,
    of_another,
)
from tests.simulation.measured import Measured, Verdict, outcome
from tests.simulation.shows import InventedShow, invent

_LEAST_HELD = 5
_OTHERS = 4
_LEAST_CAUGHT = 0.99
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Wanted:
    seed: int
    shows: int
    workers: int = 1


def measure(wanted: Wanted, combinations: Sequence[Combination] = COMBINATIONS) -> Measured:
    """Every show in each of these combinations."""
    whole = Measured()
    for part in _spread(wanted, partial(_measure_one, wanted.seed, combinations)):
        whole.merge(part)
    return whole


def tried(show: InventedShow, combination: Combination, seed: int) -> tuple[Library, Verdict] | None:
    """One library and what is said of it; None where nobody can hold the show so."""
    made = library(show, combination, seed)
    return None if made is None else (made, judged.judge(show, made, with_key=combination.key is Key.YES))


def _measure_one(seed: int, combinations: Sequence[Combination], number: int) -> Measured:
    show, found = invent(seed, number), Measured()
    for combination in combinations:
        if (one := tried(show, combination, seed)) is not None:
            found.add(show, combination, outcome(show, *one))
    return found


@dataclass
class Caught:
    """Libraries whose ids lead to another show, by what Plex knows: how many of them were doubted."""

    shows: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        yield f"{'the wrong show behind an id':44}{'shows':>9}{'caught':>8}"
        for name, count in self.shows.items():
            yield f"{name:44}{count:9,}{100 * self.caught[name] / count:8.2f}"

    @property
    def missed(self) -> list[str]:
        count = self.shows[WITH_DATES]
        if self.caught[WITH_DATES] >= _LEAST_CAUGHT * count:
            return []
        return [f"{self.caught[WITH_DATES]} of {count} wrong shows were caught where Plex has dates (aim: 99 %)."]


WITH_DATES, WITHOUT_DATES, FEW = "with dates", "without dates", "with dates, fewer than five held"


def wrong_shows(wanted: Wanted, combinations: Sequence[Combination] = COMBINATIONS) -> Caught:
    """Every show behind the ids of some others, wherever Plex's own dates, titles and episode ids are right."""
    whole = Caught()
    for part in _spread(wanted, partial(_behind_others, wanted, combinations)):
        whole.shows += part.shows
        whole.caught += part.caught
    return whole


def _behind_others(wanted: Wanted, combinations: Sequence[Combination], number: int) -> Caught:
    show, found = invent(wanted.seed, number), Caught()
    dice = random.Random(f"{wanted.seed}/behind/{number}")
    others = [other for other in range(wanted.shows) if other != number]
    for other in (invent(wanted.seed, each) for each in dice.sample(others, min(_OTHERS, len(others)))):
        for combination in combinations:
            if combination.ids is Ids.HALF or combination.dates in (Dates.DAY_OFF, Dates.WEEKS_OFF):
                continue
            made = library(show, combination, wanted.seed)
            if made is None:
                continue
            verdict = judged.judge(other, of_another(made, other), with_key=combination.key is Key.YES)
            few = len(made.held.episodes) < _LEAST_HELD
            name = WITHOUT_DATES if combination.dates is Dates.NONE else FEW if few else WITH_DATES
            found.shows[name] += 1
            found.caught[name] += verdict.asked
    return found


def dimensions(measured: Measured) -> Iterator[tuple[str, ...]]:
    """The names of what was counted, a group for each dimension."""
    yield ("total",)
    yield from (tuple(dimension) for dimension in DIMENSIONS)
    for beginning in ("shape: ", "titled: "):
        yield tuple(sorted(name for name in measured.by_value if name.startswith(beginning)))


def _spread(wanted: Wanted, work: Callable[[int], Made]) -> Iterator[Made]:
    """The work for every number, in as many processes as wanted, in order."""
    if wanted.workers <= 1:
        yield from map(work, range(wanted.shows))
        return
    with ProcessPoolExecutor(wanted.workers) as pool:
        yield from pool.map(work, range(wanted.shows))
