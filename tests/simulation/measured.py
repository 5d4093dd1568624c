"""What came of each combination, counted: the share right, asked, with a false gap, with a hidden gap.

Changes when a verdict is counted otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from plexgap.domain.ids import Source
from tests.simulation.libraries import Combination, Dates, Key, Library, Setting, Titles
from tests.simulation.shows import TODAY, InventedShow


@dataclass(frozen=True, slots=True)
class Verdict:
    """What plexgap says of a library. `missing`: the ids, at `provider`, of the regular episodes that it calls missing;
    nothing of it counts where `asked`."""

    asked: bool
    provider: Source
    order: str
    order_source: str
    missing: frozenset[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`false`: episodes called missing that are there; `hidden`: those that lack and aren't called so. By id."""

    asked: bool
    false: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()

    @property
    def right(self) -> bool:
        return not (self.asked or self.false or self.hidden)


def outcome(show: InventedShow, library: Library, verdict: Verdict) -> Outcome:
    """Held against what the catalogue that was judged by lists as regular episodes, part by part. An episode of which
    only some parts are there may be called either."""
    if verdict.asked:
        return Outcome(asked=True)
    aired = [row for row in show.at(verdict.provider).regular if row.day is not None and row.day <= TODAY]
    lacking = frozenset(row.episode_id for row in aired if not library.parts.intersection(row.parts))
    whole = frozenset(row.episode_id for row in aired if library.parts.issuperset(row.parts))
    others = verdict.missing - {row.episode_id for row in aired}
    return Outcome(False, (verdict.missing & whole) | others, lacking - verdict.missing)


@dataclass
class Count:
    """How many of each, of `shows` in all."""

    shows: int = 0
    right: int = 0
    asked: int = 0
    false: int = 0
    hidden: int = 0

    def add(self, found: Outcome) -> None:
        self.shows += 1
        self.right += found.right
        self.asked += found.asked
        self.false += bool(found.false)
        self.hidden += bool(found.hidden)

    def merge(self, other: Count) -> None:
        self.shows += other.shows
        self.right += other.right
        self.asked += other.asked
        self.false += other.false
        self.hidden += other.hidden

    def line(self, name: str) -> str:
        shares = (
            f"{100 * each / max(1, self.shows):8.2f}" for each in (self.right, self.asked, self.false, self.hidden)
        )
        return f"{name:44}{self.shows:9,}{''.join(shares)}"


HEADING = f"{'':44}{'shows':>9}{'right':>8}{'asked':>8}{'false':>8}{'hidden':>8}"


@dataclass
class Measured:
    """Counts by value of each dimension, by shape and by class of combination; and the aims."""

    by_value: dict[str, Count] = field(default_factory=dict)
    by_class: dict[str, Count] = field(default_factory=dict)
    aims: dict[str, Count] = field(default_factory=dict)

    def add(self, show: InventedShow, combination: Combination, found: Outcome) -> None:
        for name in ("total", *combination, f"shape: {show.shape}", f"titled: {show.titled}"):
            self.by_value.setdefault(name, Count()).add(found)
        self.by_class.setdefault(" · ".join(combination), Count()).add(found)
        for aim in _aims(show, combination):
            self.aims.setdefault(aim, Count()).add(found)

    def merge(self, other: Measured) -> None:
        for mine, theirs in ((self.by_value, other.by_value), (self.by_class, other.by_class), (self.aims, other.aims)):
            for name, count in theirs.items():
                mine.setdefault(name, Count()).merge(count)

    @property
    def missed(self) -> list[str]:
        """The aims of the issue that are not reached, each a sentence."""
        return list(_missed(self.aims))

    def worst(self, most: int) -> list[tuple[str, Count]]:
        """The classes of combinations with false or hidden gaps, worst first."""
        wrong = [(name, count) for name, count in self.by_class.items() if count.false or count.hidden]
        return sorted(wrong, key=lambda each: (-(each[1].false + each[1].hidden) / each[1].shows, each[0]))[:most]


SAID, UNSAID, AGREE = "key, Plex says the order", "key, Plex says nothing", "titles and dates agree, with a key"
_MOST_FALSE = 0.005


def _aims(show: InventedShow, combination: Combination) -> Iterator[str]:
    if combination.key is not Key.YES:
        return
    yield SAID if combination.setting is Setting.SAID else UNSAID
    if combination.titles is Titles.SAME and combination.dates is Dates.SAME and show.titled == "own titles":
        yield AGREE


def _missed(aims: dict[str, Count]) -> Iterator[str]:
    said, unsaid, agree = (aims.get(name, Count()) for name in (SAID, UNSAID, AGREE))
    if said.false or said.hidden:
        yield f"{said.false} false and {said.hidden} hidden gaps where Plex says the order, with a key (aim: none)."
    if unsaid.false > _MOST_FALSE * unsaid.shows:
        yield f"{unsaid.false} of {unsaid.shows} have a false gap with a key and no setting (aim: at most 0.5 %)."
    if agree.asked:
        yield f"{agree.asked} of {agree.shows} asked where titles and dates agree (aim: none)."


def table(counts: Mapping[str, Count], names: Iterable[str]) -> Iterator[str]:
    yield HEADING
    yield from (counts[name].line(name) for name in names if name in counts)
