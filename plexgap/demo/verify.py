"""Whether a report says what the invented world states: title by title, and by tag as precision and recall.

Changes when more of a title is stated, or the scores are counted otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plexgap.demo.truth import ShowTruth
from plexgap.domain.verdicts import Standing, State
from plexgap.views.report import EpisodeLine, Report, ShowReport

TOTAL = "total"
_JUDGED = (State.COMPLETE, State.GAPS)
_STANDINGS = (Standing.MISSING, Standing.JUST_AIRED, Standing.UPCOMING, Standing.UNDATED)


@dataclass(slots=True)
class Score:
    """How many were stated, how many told, and how many of those told are stated."""

    stated: int = 0
    told: int = 0
    right: int = 0

    def count(self, stated: frozenset[object], told: frozenset[object]) -> None:
        self.stated += len(stated)
        self.told += len(told)
        self.right += len(stated & told)

    def add(self, other: Score) -> None:
        self.stated += other.stated
        self.told += other.told
        self.right += other.right

    @property
    def precision(self) -> float:
        """The share of what was told that is so; 1 where nothing was told."""
        return self.right / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """The share of what is so that was told; 1 where nothing is."""
        return self.right / self.stated if self.stated else 1.0


@dataclass(slots=True)
class TagScore:
    """Of the titles with one tag: their missing episodes, and the state of each."""

    titles: int = 0
    missing: Score = field(default_factory=Score)
    states: Score = field(default_factory=Score)

    def add(self, other: TagScore) -> None:
        self.titles += other.titles
        self.missing.add(other.missing)
        self.states.add(other.states)


@dataclass(frozen=True, slots=True)
class Difference:
    """A title of which the report says something else than the world. `what`: of which fact."""

    seed: int
    title: str
    tags: tuple[str, ...]
    what: str
    stated: str
    told: str


@dataclass(slots=True)
class Verified:
    """Scores by tag, all titles under `total`, and every difference. `seeds`: the worlds that were looked at."""

    seeds: list[int] = field(default_factory=list)
    tags: dict[str, TagScore] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return not self.differences

    def merge(self, other: Verified) -> None:
        self.seeds += other.seeds
        self.differences += other.differences
        for tag, score in other.tags.items():
            self.tags.setdefault(tag, TagScore()).add(score)


def verified(seed: int, truths: Sequence[ShowTruth], report: Report) -> Verified:
    """What the report says, held against what is stated. A title that several shows of the report claim, or none,
    is told wrong."""
    found = Verified([seed])
    shows: dict[str, list[ShowReport]] = {}
    for show in report.shows:
        for key in show.rating_keys:
            shows.setdefault(key, []).append(show)
    for truth in truths:
        told = list({show.title_id: show for key in truth.rating_keys for show in shows.get(key, [])}.values())
        for tag in (TOTAL, *truth.tags):
            _count(found.tags.setdefault(tag, TagScore()), truth, told)
        found.differences += _differences(seed, truth, told)
    stated = {key for truth in truths for key in truth.rating_keys}
    for show in report.shows:
        if not stated.intersection(show.rating_keys):
            found.differences.append(Difference(seed, show.title, (), "title", "no such title", show.state))
    return found


def _count(score: TagScore, truth: ShowTruth, told: Sequence[ShowReport]) -> None:
    score.titles += 1
    score.states.count(frozenset({truth.state}), frozenset(_states(told)))
    missing = [_numbers(show.missing) for show in told if show.state in _JUDGED]
    stated = truth.missing if truth.state in _JUDGED else ()
    score.missing.count(frozenset(stated), frozenset(number for numbers in missing for number in numbers))


def _states(told: Sequence[ShowReport]) -> Iterator[object]:
    """The state of each; of a title that stands in the report twice, the second counts as one too many."""
    for place, show in enumerate(told):
        yield show.state if place == 0 else (show.state, place)


def _differences(seed: int, truth: ShowTruth, told: Sequence[ShowReport]) -> Iterator[Difference]:
    tags = tuple(sorted(truth.tags))
    if len(told) != 1:
        yield Difference(seed, truth.title, tags, "titles", "one", str(len(told)))
        return
    stated, seen = facts_stated(truth), facts_told(told[0])
    for what, value in stated.items():
        if seen.get(what) != value:
            yield Difference(seed, truth.title, tags, what, _words(value), _words(seen.get(what)))
    if truth.reason_hint not in (told[0].reason or ""):
        yield Difference(seed, truth.title, tags, "reason", truth.reason_hint, told[0].reason or "none")


def facts_stated(truth: ShowTruth) -> Mapping[str, object]:
    """What must be said of a title, by fact; of one that isn't judged only what it is and where it stands."""
    facts: dict[str, object] = {
        "state": truth.state,
        "rating keys": frozenset(truth.rating_keys),
        "libraries": frozenset(truth.libraries),
    }
    if truth.state not in _JUDGED:
        return facts
    lists = (truth.missing, truth.just_aired, truth.upcoming, truth.undated)
    facts |= {"show": f"{truth.provider} {truth.show_id}", "order": truth.order, "group": truth.group}
    facts |= dict(zip(_STANDINGS, lists, strict=True))
    return facts | {"held": truth.held, "listed": truth.listed}


def facts_told(show: ShowReport) -> Mapping[str, object]:
    """What the report says of it, by the same facts. An episode group is "group", whichever it is."""
    facts: dict[str, object] = {
        "state": show.state,
        "rating keys": frozenset(show.rating_keys),
        "libraries": frozenset(show.libraries),
        "show": f"{show.provider} {show.show_id}",
        "order": (show.order or "none").partition(":")[0],
        "group": show.group,
        "held": show.held,
        "listed": show.listed,
    }
    return facts | {standing: _numbers(show.of(standing)) for standing in _STANDINGS}


def _numbers(lines: Iterable[EpisodeLine]) -> tuple[tuple[int, int], ...]:
    return tuple((line.number.season, line.number.number) for line in lines)


def _words(value: object) -> str:
    """Episodes as S01E02, other lists sorted; "none" where there is nothing."""
    if isinstance(value, tuple):
        return " ".join(f"S{season:02d}E{number:02d}" for season, number in value) or "none"
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "none"
    return str(value)
